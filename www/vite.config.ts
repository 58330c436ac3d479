import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

/** One document for each page; the service serves `/users` from `users.html`. */
const documents = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.html'));

export default defineConfig({
  build: {
    target: 'es2022',
    // A small file would become a data: URL, which the content security policy blocks.
    assetsInlineLimit: 0,
    // The polyfill is an inline script's work; browsers that have Trusted Types have modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: documents.map((name) => `${import.meta.dirname}/${name}`) },
  },
});
