/**
 * What stands between a test and the script: it gives `main` the dictionary from stdin, and tells over a channel of its own
 * what came of it, so that the script may print what it likes.
 */
export const runner = `import importlib.util
import json
import os
import sys
import traceback


def told(**what):
    data = json.dumps(what, allow_nan=False).encode()
    with os.fdopen(3, "wb") as channel:
        channel.write(data)


def run():
    given = json.load(sys.stdin)
    # Only now: Python itself finds modules of the user by the home folder.
    os.environ["HOME"] = os.getcwd()
    spec = importlib.util.spec_from_file_location("script", "script.py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        output = module.main(given)
    except BaseException as error:
        if isinstance(error, ModuleNotFoundError):
            return dict(missing=str(error.name))
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("script.py")]
        if isinstance(error, SyntaxError) and not lines:
            lines = [error.lineno]
        return dict(raised=f"{type(error).__name__}: {error}", line=lines[-1] if lines else None)
    if not isinstance(output, dict):
        return dict(raised=f"main returned {type(output).__name__}, and a dictionary is needed", line=None)
    try:
        json.dumps(output, allow_nan=False)
    except (TypeError, ValueError) as error:
        return dict(raised=f"what main returned is no JSON: {error}", line=None)
    return dict(output=output)


told(**run())
sys.stdout.flush()
os._exit(0)
`;
