"""What people answered and wrote: read, coded by two people, quoted with consent."""

from pdu_portal.coding import answers, book, changes, quotes, texts

ROUTERS = (answers.router, texts.router, book.router, quotes.router, changes.router)
