/** Browsers come from the machine or from an npm package (src/gpu/browser.ts): nothing is downloaded at install. */
module.exports = { skipDownload: true };
