/** Browsers come from the machine or from an npm package (src/gpu/node/browsers.ts): nothing is downloaded at install. */
module.exports = { skipDownload: true };
