import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { resource } from './world.ts';

/** A script of our own that does what tutorial 3's does: it asks an API for a user, and answers each failure in words. */
export const lookupScript = `import json
import sys

import requests


def main(input_data):
    """Looks up a user by id."""
    user_id = input_data.get("user_id")
    if not user_id:
        return {"error": "user_id is missing", "success": False}

    url = f"https://users.example.com/users/{user_id}"
    headers = {"Accept": "application/json"}
    try:
        response = requests.get(url, headers=headers, timeout=10)
        response.raise_for_status()
        user = response.json()
        output = {
            "user_name": user.get("name", "?"),
            "user_email": user.get("email", "?"),
            "user_phone": user.get("phone", "?"),
            "success": True,
        }
        return output
    except requests.exceptions.Timeout:
        return {"error": "The API did not answer in time", "success": False}
    except requests.exceptions.HTTPError as e:
        if response.status_code == 404:
            return {"error": f"There is no user {user_id}", "success": False}
        else:
            return {"error": f"The API answered {response.status_code}", "success": False}
    except Exception as e:
        return {"error": str(e), "success": False}
`;

const text = (name: string, description: string): JsonObject => ({ name, datatype: 'string', description });

/** Tutorial 3's own interface. */
export const lookupSpec: JsonObject = {
  name: 'ExternalUserLookup',
  description: 'Data Action to call external user API',
  definition: { name: 'GetUserDetails', description: 'Fetches user details from an external API' },
  script: 'lookup.py',
  language: 'python3',
  inputs: [{ name: 'user_id', datatype: 'integer', required: true, description: 'The ID of the user to fetch' }],
  outputs: [
    text('user_name', 'The name of the user'),
    text('user_email', 'The email of the user'),
    text('user_phone', 'The phone number of the user'),
    { name: 'success', datatype: 'boolean', description: 'Whether the API call succeeded' },
    text('error', 'Error message if success is false'),
  ],
};

/** The document with a script behind it; `change` is laid over its spec. */
export function lookup(change: JsonObject = {}, script: string = lookupScript): Resource {
  return resource('ScriptDataAction', 'user-lookup', { ...lookupSpec, ...change }, { files: scriptFile(script) });
}

export function scriptFile(script: string): Resource['files'] {
  return { '/spec/script': { path: 'scripts/lookup.py', text: script } };
}

const seed = path.resolve(import.meta.dirname, '../../../shared/seeds/002_4f06927bf3d4e269.txt');

/** The script of tutorial 3 itself, where the tutorials are at hand; their text lost its indentation, which is put back. */
export function tutorialScript(): string | undefined {
  if (!existsSync(seed)) return undefined;
  const page = readFileSync(seed, 'utf8');
  const begin = page.indexOf('import requests\nimport json\nimport sys\n');
  return indented(page.slice(begin, page.indexOf('Step 2: Upload')));
}

/** Blocks begin behind a colon and end with a return, or where `else` and `except` go on with what was open. */
function indented(flat: string): string {
  const open: string[] = [];
  let closed: string | undefined;
  let depth = 0;
  let isText = false;
  let returns = false;
  const lines = flat.split('\n').map((line) => {
    const word = /^\w*/.exec(line)![0];
    if (!isText && depth === 0 && word === 'except')
      while (closed !== 'try' && closed !== 'except') closed = open.pop();
    if (!isText && depth === 0 && word === 'else') while (closed !== 'if') closed = open.pop();
    const result = '    '.repeat(open.length) + line;
    if (line === '"""') isText = !isText;
    if (isText || line.startsWith('#') || line === '"""') return result;
    if (depth === 0) returns = word === 'return';
    depth += (line.match(/[({[]/g)?.length ?? 0) - (line.match(/[)}\]]/g)?.length ?? 0);
    closed = undefined;
    if (depth === 0 && line.endsWith(':')) open.push(word);
    else if (depth === 0 && returns) closed = open.pop();
    return result;
  });
  return lines.join('\n');
}
