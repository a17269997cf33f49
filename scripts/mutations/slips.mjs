/* The slips that a hand makes in a script: `node slips.mjs ACORN FILE…` prints [{file, line, start, end, text, told}…]. */
import { readFileSync } from "node:fs";

const [, , acorn, ...files] = process.argv;
const { parse } = await import(`file://${acorn}/dist/acorn.mjs`);

const OTHER_OPERATOR = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["/"],
  "**": ["*"],
  "+=": ["="],
  "*=": ["="],
};
const OTHER_NAME = {
  min: "max",
  max: "min",
  floor: "round",
  ceil: "floor",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
};
// Methods that give back what they are called on, in another order or another form.
const DROPPED = ["sort", "filter", "slice", "toLowerCase", "trim", "normalize", "reverse", "replaceAll", "replace", "flat"];

function slipsOf(node, code, add) {
  const text = (part) => code.slice(part.start, part.end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression": {
      const [left, right] = [text(node.left), text(node.right)];
      for (const other of OTHER_OPERATOR[node.operator] ?? []) add(node, `(${left} ${other} ${right})`, node.type === "AssignmentExpression");
      if (node.type === "LogicalExpression") for (const side of [left, right]) add(node, `(${side})`);
      break;
    }
    case "UnaryExpression":
      if ("!-".includes(node.operator)) add(node, text(node.argument));
      break;
    case "UpdateExpression":
      add(node, text(node).replace(/\+\+|--/, (sign) => (sign === "++" ? "--" : "++")));
      break;
    case "Literal":
      if (typeof node.value === "number") {
        add(node, `${node.value + 1}`);
        if (node.value > 1) add(node, "1");
      } else if (typeof node.value === "boolean") add(node, `${!node.value}`);
      break;
    case "IfStatement":
      for (const way of ["true", "false"]) add(node.test, way);
      break;
    case "WhileStatement":
      add(node.test, "false");
      break;
    case "ConditionalExpression":
      for (const side of [node.consequent, node.alternate]) add(node, `(${text(side)})`);
      break;
    case "BreakStatement":
      add(node, "continue;");
      break;
    case "ContinueStatement":
      add(node, "break;");
      break;
    case "ExpressionStatement":
      if (["CallExpression", "AssignmentExpression"].includes(node.expression.type)) add(node, ";");
      break;
    case "SpreadElement":
      if (node.argument.type !== "Identifier" || !code.slice(node.start - 1, node.start).includes("(")) add(node, "...[]");
      break;
    case "CallExpression": {
      const { callee, arguments: given } = node;
      const name = callee.type === "MemberExpression" && !callee.computed ? callee.property.name : "";
      if (DROPPED.includes(name)) add(node, text(callee.object));
      if (name === "sort" && given.length) add(node, `${text(callee)}()`);
      if (Object.hasOwn(OTHER_NAME, name)) add(callee.property, OTHER_NAME[name]);
      // The smaller of two is the same whichever comes first.
      if (given.length > 1 && !text(callee).startsWith("Math.")) {
        const [first, second] = given.map(text);
        const end = given[1].end;
        add({ start: given[0].start, end, loc: node.loc }, `${second}, ${first}`);
        if (["slice", "join", "replace"].includes(name)) add({ start: given[0].end, end, loc: node.loc }, "");
      }
      break;
    }
  }
}

function walk(node, visit) {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  else if (node && typeof node.type === "string") {
    visit(node);
    for (const part of Object.values(node)) if (part && typeof part === "object") walk(part, visit);
  }
}

const found = [];
for (const file of files) {
  const code = readFileSync(file, "utf8");
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const add = ({ start, end, loc }, text) => {
    const line = loc.start.line;
    const whole = code.split("\n")[line - 1].trim();
    found.push({ file, line, start, end, text, told: `${whole}: ${code.slice(start, end).split("\n")[0]} → ${text.split("\n")[0]}` });
  };
  walk(tree, (node) => slipsOf(node, code, add));
}
console.log(JSON.stringify(found));
