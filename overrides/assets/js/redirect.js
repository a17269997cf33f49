/* An old address leads to the new one with all that came after it: a section, a question, a run handed over. */
location.replace(document.querySelector("link[rel=canonical]").href + location.search + location.hash);
