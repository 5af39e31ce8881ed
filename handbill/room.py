"""How much room a text has where there is little of it, in columns; a Chinese character counts two.

Measured on the pinned fonts: 95 of 100 passages of the guides in English, Spanish, Arabic and Chinese need no
more than 0.52 em a column, 0.55 em in bold. So a line holds

- at 320 px, the narrowest screen: 32 columns of text, 17 of a page's heading;
- on a card of 85 × 55 mm with margins of 5 mm: 51 columns at 8 pt, the smallest type in print, 48 in bold;
- on a zine's panel of 70 × 100 mm with margins of 5 mm: 40 at 8 pt, 38 in bold, 22 of a heading of 14 pt;
- in a booklet's contents, beside the page number: 48 in bold.

Templates say it for their own strings, `{# translators: On a button. [longest 24] #}`, by the same lines: one
at 320 px, or two or three where that looks well, and one or two on a card.
"""

TITLE = 40
"""A guide's, booklet's or site's: one line in a booklet's contents, two on a panel, three at 320 px."""
SUMMARY = 100
"""A guide's or booklet's: two lines on a card, three on a panel, four at 320 px."""
NAME = 80
"""A contact's, in bold: two lines on a card, three on a panel. Fewer would not say whose hotline it is."""
SENTENCE = 96
"""One of a card's: two lines there."""
LABEL = 24
"""Before a line to write on: half a line of a card."""
LINE = 48
"""A contact's hours and languages: one line on a card, two on a panel."""
REGION = 30
"""It stands after a contact's name, and as a heading of two lines at 320 px."""
