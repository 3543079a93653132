import type { JsonObject } from '../../model/json.ts';

const script = (...outputs: string[]): string => `import requests


def main(input_data):
    number = input_data.get("number")
    answer = requests.get(f"https://orders.example.com/{number}", timeout=5)
    found = answer.json()
    output = {"status": found.get("status")}
${outputs.map((name) => `    output["${name}"] = found.get("${name}")\n`).join('')}    return output
`;

const input = { name: 'number', datatype: 'integer', required: true, description: 'The number of the order' };
const status = { name: 'status', datatype: 'string' };

const base: JsonObject = {
  description: 'Where an order is',
  definition: { name: 'GetOrder', description: 'Asks the shop for an order' },
  script: 'get-order.py',
  $files: { '/spec/script': script() },
  inputs: [input],
  outputs: [status],
};

/** What the conformance suite needs of the kind of this folder. */
export const fixtures = [
  {
    kind: 'ScriptDataAction',
    example: base,
    updates: {
      name: { ...base, name: 'Another name' },
      definition: { ...base, definition: { name: 'FindOrder', description: 'Finds an order' } },
      'the script and its outputs': {
        ...base,
        $files: { '/spec/script': script('carrier') },
        outputs: [status, { name: 'carrier', datatype: 'string', description: 'Who brings it' }],
      },
      'an input': { ...base, inputs: [{ name: 'number', datatype: 'string' }] },
      'everything at once': {
        ...base,
        ...{ name: 'Track Order', description: 'Tracks it', definition: { name: 'TrackOrder', description: 'Tracks' } },
        $files: { '/spec/script': script('day', 'hour') },
        outputs: [{ name: 'hour', datatype: 'integer' }, { name: 'day', datatype: 'string' }, status],
      },
    },
    clears: {
      'a description': { ...base, description: null },
      "a definition's description": { ...base, definition: { name: 'GetOrder', description: null } },
    },
  },
];

export const quirks = ['script-'];
