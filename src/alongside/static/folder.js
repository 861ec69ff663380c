// @ts-check
// The search page opened from a folder: results come without the lines around the word, which a browser may not read there.
/* global DOCUMENTATION_OPTIONS */
// @ts-ignore
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
