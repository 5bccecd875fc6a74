"""Charts as accessible SVG, made here: no script, no inline style, no library."""
