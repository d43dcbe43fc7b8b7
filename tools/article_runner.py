"""Run the code blocks of an article, in order, and write down what each prints.

    python tools/article_runner.py JOB RESULTS

Both files are JSON. The job: {"file": the article, "blocks": [{"text", "line", "alone"}, ...], "without":
[modules that the blocks must not import]}. The results: a line for each block that was run, {"printed": text,
"error": null or "Type: message", "at": the article's line that raised}.
"""

import contextlib
import io
import json
import linecache
import sys
import traceback
import types


def main() -> None:
    """Run the job. Blocks share a namespace, which is `__main__` to them; one `alone` has its own."""
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    sys.path.pop(0)  # this script's folder
    sys.modules.update(dict.fromkeys(job["without"]))
    remember_source(job)
    shared = namespace(job["file"])
    failed = False
    with open(sys.argv[2], "w", encoding="utf-8") as results:
        for block in job["blocks"]:
            if failed and not block["alone"]:
                continue
            module = namespace(job["file"]) if block["alone"] else shared
            result = run(block, job["file"], module)
            failed |= result["error"] is not None and not block["alone"] and not block["may_raise"]
            results.write(json.dumps(result) + "\n")
            results.flush()


def remember_source(job) -> None:
    """Let tracebacks and `inspect` find each line of code at its line of the article."""
    lines = {}
    for block in job["blocks"]:
        lines.update(enumerate(block["text"].splitlines(), block["line"]))
    text = [lines.get(number, "") + "\n" for number in range(1, max(lines, default=0) + 1)]
    linecache.cache[job["file"]] = (sum(map(len, text)), None, text, job["file"])


def namespace(file: str) -> types.ModuleType:
    """An empty main program."""
    module = types.ModuleType("__main__")
    module.__file__ = file
    return module


def run(block, file, module):
    """What a block prints and raises."""
    sys.modules["__main__"] = module
    printed = io.StringIO()
    error = at = None
    with contextlib.redirect_stdout(printed):
        try:
            code = compile("\n" * (block["line"] - 1) + block["text"], file, "exec")
            exec(code, vars(module))
        except (Exception, SystemExit) as raised:
            message = str(raised)
            error = type(raised).__name__ + (f": {message}" if message else "")
            frames = traceback.extract_tb(raised.__traceback__)
            at = next((frame.lineno for frame in reversed(frames) if frame.filename == file), block["line"])
    return {"line": block["line"], "printed": printed.getvalue(), "error": error, "at": at}


if __name__ == "__main__":
    main()
