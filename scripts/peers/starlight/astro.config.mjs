import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";

export default defineConfig({
  site: "https://example.org/",
  integrations: [
    starlight({
      title: "Manual",
      pagefind: process.env.BENCH_SEARCH === "1",
      locales: { root: { label: "Español", lang: "es" } },
    }),
  ],
});
