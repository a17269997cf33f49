/* The preview's own script: loads the page again when the site has a new version. */
const { dataset } = document.currentScript;
let shown = null;
new EventSource(dataset.events).onmessage = ({ data }) => {
  if (shown !== null && data !== shown) location.reload();
  shown = data;
};
