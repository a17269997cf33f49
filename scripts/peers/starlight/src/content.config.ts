import { docsSchema } from "@astrojs/starlight/schema";
import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";

const loader = glob({ pattern: "**/*.md", base: process.env.BENCH_CONTENT });

export const collections = { docs: defineCollection({ loader, schema: docsSchema() }) };
