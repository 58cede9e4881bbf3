"""Stories in a real browser, told in the words of the people in them."""
