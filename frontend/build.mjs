// Builds the styles and scripts of the three sites into src/waymark/static/built, which is never committed.
//
// Every file of styles/ and scripts/ whose name does not begin with "_" is an entry and keeps its name; Django's manifest
// storage adds the content hash. Public paths are neutral, so no name here may say what the site is about.

import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
// The launcher names a folder of its own and puts it in place when the build has finished.
const target = process.argv[2] ?? join(here, "..", "src", "waymark", "static", "built");
const packages = join(here, "node_modules", "@uswds", "uswds", "packages");
const images = join(here, "node_modules", "@uswds", "uswds", "dist");

const quietDependencies = { debug() {}, warn() {} };

// The design system knows its own palette only. Binding its colors to our custom properties lets one token file decide,
// in light and in dark; what stands on a filled button is the one white that is not paper.
const PALETTE = {
  "#005ea2": "var(--accent)",
  "#1a4480": "var(--accent-deep)",
  "#162e51": "var(--accent-deep)",
  "#0050d8": "var(--accent)",
  "#54278f": "var(--accent)",
  "#2491ff": "var(--focus)",
  "#d83933": "var(--call)",
  "#b50909": "var(--call)",
  "#b51d09": "var(--call)",
  "#d54309": "var(--call)",
  "#8b0a03": "var(--call-deep)",
  "#1b1b1b": "var(--ink)",
  "#171717": "var(--ink)",
  "#3d4551": "var(--quiet)",
  "#565c65": "var(--edge)",
  "#71767a": "var(--quiet)",
  "#757575": "var(--quiet)",
  "#a9aeb1": "var(--edge)",
  "#dfe1e2": "var(--rule)",
  "#f0f0f0": "var(--shade)",
  "#fff": "var(--paper)",
  white: "var(--paper)",
};

function bindPalette(css) {
  return css.replace(/([a-z-]+):([^;{}]+)(?=[;}])/g, (declaration, property, value) => {
    // A custom property is one of our own tokens: it gives the colors that others are bound to.
    if (property.startsWith("--") || value.includes("url(")) return declaration;
    const bound = value.replace(/#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\bwhite\b/gi, (color) => {
      const token = PALETTE[color.toLowerCase()] ?? color;
      return property === "color" && token === "var(--paper)" ? "var(--on-accent)" : token;
    });
    return `${property}:${bound}`;
  });
}

async function entries(folder, extension) {
  const names = await readdir(join(here, folder));
  return names.filter((name) => name.endsWith(extension) && !name.startsWith("_")).sort();
}

async function buildStyles() {
  for (const name of await entries("styles", ".scss")) {
    const { css } = sass.compile(join(here, "styles", name), {
      loadPaths: [here, packages],
      logger: quietDependencies,
      quietDeps: true,
      style: "compressed",
    });
    const bundle = await build({
      stdin: { contents: bindPalette(css), loader: "css", resolveDir: here },
      minify: true,
      target: ["es2020"],
      write: false,
    });
    await writeFile(join(target, `${basename(name, ".scss")}.css`), bundle.outputFiles[0].contents);
    await copyImages(css);
  }
}

// The design system's styles name its pictures; only those that are named come along.
async function copyImages(css) {
  const named = [...css.matchAll(/url\(["']?(img\/[^"')#?]+)/g)].map((match) => match[1]);
  for (const name of new Set(named)) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await copyFile(join(images, name), join(target, name));
  }
}

async function buildScripts() {
  const names = await entries("scripts", ".js");
  await build({
    entryPoints: names.map((name) => join(here, "scripts", name)),
    bundle: true,
    format: "iife",
    legalComments: "inline",
    minify: true,
    outdir: target,
    target: ["es2020"],
  });
}

async function copyFiles() {
  for (const name of await readdir(join(here, "static"))) {
    await copyFile(join(here, "static", name), join(target, name));
  }
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await Promise.all([buildStyles(), buildScripts(), copyFiles()]);
console.log(`Built ${(await readdir(target)).join(", ")}`);
