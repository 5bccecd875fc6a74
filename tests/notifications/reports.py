"""Mail that comes back, as servers write it."""

from textwrap import dedent


def bounce(to, *, action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 unknown user"):
    """A delivery report (RFC 3464) in the form of Debian's exim and of Postfix."""
    return (
        dedent(f"""\
        Return-Path: <>
        Delivered-To: {to}
        From: Mail Delivery System <mailer-daemon@mail.example.org>
        To: {to}
        Subject: Mail delivery failed: returning message to sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

        --cut
        Content-Type: text/plain; charset=us-ascii

        This message was created automatically by mail delivery software.

        --cut
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example.org

        Action: {action}
        Final-Recipient: rfc822;marian@example.org
        Status: {status}
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: {diagnostic}

        --cut
        Content-Type: message/rfc822

        From: Practice Development Unit <pdu@example.org>
        To: marian@example.org
        Subject: Your place

        Hello Marian,
        --cut--
        """)
        .replace("\n", "\r\n")
        .encode()
    )


def complaint(sent_from, *, kind="abuse"):
    """An abuse report (RFC 5965), as providers of letter boxes send it."""
    return (
        dedent(f"""\
        From: <abusedesk@example.net>
        To: <feedback@example.org>
        Subject: FW: Your place
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

        --cut
        Content-Type: text/plain; charset="US-ASCII"

        This is an email abuse report.

        --cut
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Mail-From: <{sent_from}>
        Original-Rcpt-To: <marian@example.net>

        --cut
        Content-Type: message/rfc822
        Content-Disposition: inline

        Return-Path: <{sent_from}>
        From: <pdu@example.org>
        Subject: Your place

        Hello Marian,
        --cut--
        """)
        .replace("\n", "\r\n")
        .encode()
    )


HOLIDAY = b"""\
From: Marian <marian@example.org>
To: bounces@example.org
Subject: Out of the office
Auto-Submitted: auto-replied

I am in Sherwood until Monday.
"""
QUESTION = b"""\
From: Marian <marian@example.org>
To: bounces@example.org
Subject: May I bring a friend?

Hello
"""
