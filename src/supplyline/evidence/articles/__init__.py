"""Articles: a page or file to its own text, without menus and other stories."""
