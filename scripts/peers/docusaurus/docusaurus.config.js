const docs = { path: process.env.BENCH_CONTENT, routeBasePath: "/" };
const search = [
  "@easyops-cn/docusaurus-search-local",
  { indexBlog: false, docsDir: docs.path, docsRouteBasePath: docs.routeBasePath, language: ["es"], hashed: true },
];

module.exports = {
  title: "Manual",
  url: "https://example.org",
  baseUrl: "/",
  // The links are those that every generator gets.
  onBrokenLinks: "ignore",
  onBrokenAnchors: "ignore",
  i18n: { defaultLocale: "es", locales: ["es"] },
  markdown: { format: "md", hooks: { onBrokenMarkdownLinks: "ignore" } },
  presets: [["classic", { docs, blog: false, pages: false }]],
  themes: process.env.BENCH_SEARCH === "1" ? [search] : [],
};
