// Writes docs/library.md from the docstrings of the library:  node docs/library.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

/** What stands before. */
const HEAD = String.raw`# The library

    npm install collapse-lab             # 8 MB, no other package, no download

\`\`\`js
import { check, parseExperiment, REFERENCE, run } from 'collapse-lab';
import { openDevice } from 'collapse-lab/node';

const experiment = parseExperiment(\`{ name: 'mine', regime: 'replace', dimension: 50, covariance: { kind: 'isotropic' },
  generator: { samples: 100, noise: 0.2 }, downstream: { samples: 200, noise: 0.2, ridge: 0.01 }, generations: [0, 1, 4], trials: 400 }\`);
const device = await openDevice().catch(() => REFERENCE);
const { results } = await run(experiment, { device });
console.log(check(results).ok, results.panels[0].cells.map(({ at, mean, sem }) => [at.generations, mean, sem]));
await device.close();
\`\`\`

\`collapse-lab\` is the same in Node, in a page and in a worker; \`collapse-lab/node\` has devices, files and folders. Five packages are optional: \`webgpu\` (a
device in Node), \`puppeteer\` (\`--backend chrome\` and \`firefox\`), \`@resvg/resvg-js\` (PNG files), \`pdfkit\` (PDF files) and
\`@sparticuz/chromium\` (a browser and SwiftShader for Linux, and the font of PNG and PDF files). What is missing is said by name, with the command that brings it; without \`webgpu\` the f64 reference computes.

In a checkout: \`npm pack\` makes the package (declarations come with it), and \`npm install FILE.tgz\` takes it elsewhere. Examples to start from are in
\`examples/\`: a script, a page that Vite bundles, a notebook in one HTML file, and Python that reads what a run leaves.

This page is written by \`node docs/library.mjs\` from the docstrings.`.replaceAll('\\`', '`');

/** The page: what stands before, then both entries. */
export function libraryPage() {
  const files = ['src/library/index.ts', 'src/cli/node-library.ts'].map((file) => join(root, file));
  const { options } = ts.convertCompilerOptionsFromJson(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config.compilerOptions,
    root,
  );
  const program = ts.createProgram(files, options);
  const [library, node] = files.map((file) => entryText(program, file));
  return `${HEAD}\n\n## collapse-lab\n\n${library}\n\n## collapse-lab/node\n\n${node}\n`;
}

function entryText(program, file) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const parts = checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations;
    const kind = ts.isFunctionDeclaration(declaration) ? 0 : ts.isVariableDeclaration(declaration) ? 1 : 2;
    return { kind, text: symbolText(checker, exported.name, symbol, declaration) };
  });
  return [0, 1, 2].flatMap((kind) => parts.filter((part) => part.kind === kind).map(({ text }) => text)).join('\n\n');
}

function symbolText(checker, name, symbol, declaration) {
  const said = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll('\n', ' ');
  const tags = symbol.getJsDocTags(checker).map((tag) => {
    const text = ts.displayPartsToString(tag.text).replaceAll('\n', ' ');
    const [, type, rest] = /^\{(.*?)\}\s*(.*)$/.exec(text) ?? [null, null, text];
    if (tag.name === 'throws') return `- throws \`${type ?? ''}\` ${rest}`.replace(' `` ', ' ');
    const [, parameter, what] = /^(\w+)\s+(.*)$/.exec(rest) ?? [null, '', rest];
    return `- \`${parameter}\`: ${what}`;
  });
  return [`### ${name}`, `\`\`\`ts\n${signature(checker, name, declaration)}\n\`\`\``, said, tags.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The declaration without its body; comments within interfaces stay. */
function signature(checker, name, declaration) {
  const source = declaration.getSourceFile().text;
  if (ts.isFunctionDeclaration(declaration) && declaration.body)
    return source.slice(declaration.getStart(), declaration.body.getStart()).replace('export ', '').trim();
  if (ts.isVariableDeclaration(declaration)) {
    const type = checker.typeToString(
      checker.getTypeAtLocation(declaration),
      declaration,
      ts.TypeFormatFlags.NoTruncation,
    );
    return `const ${name}: ${type}`;
  }
  if (ts.isClassDeclaration(declaration)) return `class ${name} extends Error`;
  return source.slice(declaration.getStart(), declaration.end).replace('export ', '');
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(root, 'docs', 'library.md'), libraryPage());
