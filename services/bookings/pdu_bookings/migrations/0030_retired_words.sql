-- Until when a word of a list may be chosen. What was told with it stays.
ALTER TABLE category ADD COLUMN valid_to date;
