/* The preview's own script: loads the page again when the site has another version than the one that it shows. */
const { events, version } = document.currentScript.dataset;
new EventSource(events).onmessage = ({ data }) => data !== version && location.reload();
