"""The actions of the lists of hits and of breakpoints."""

from .action import BREAKPOINTS, HITS, Action

LISTS: tuple[Action, ...] = (
    Action("hits.choose", "choose(1)", ("down", "j"), "choose", "next in the list", "Choose", (HITS, BREAKPOINTS),
           counted=True, needs="hits"),
    Action("hits.choose_back", "choose(-1)", ("up", "k"), "", "previous in the list", "Choose", (HITS, BREAKPOINTS),
           counted=True, needs="hits"),
    Action("hits.jump", "jump", ("enter",), "go there", "go to the chosen hit", "Go", (HITS,), needs="hits"),
    Action("hits.page", "page(1)", ("pagedown", "tab"), "page", "next page of hits", "Choose", (HITS,), counted=True,
           needs="hits"),
    Action("hits.page_back", "page(-1)", ("pageup", "shift+tab"), "", "previous page of hits", "Choose", (HITS,),
           counted=True, needs="hits"),
    Action("hits.first", "first", ("g", "home"), "", "first in the list", "Choose", (HITS, BREAKPOINTS),
           needs="hits"),
    Action("hits.last", "last", ("G", "end"), "", "last in the list; with a count, the one with that number",
           "Choose", (HITS, BREAKPOINTS), counted=True, needs="hits"),
    Action("breakpoints.switch", "switch", ("space",), "on/off",
           "keep a condition as a breakpoint; switch a breakpoint on and off", "Keep", (BREAKPOINTS,)),
    Action("breakpoints.find", "seek", ("enter",), "find", "go to the next timestamp where the condition holds", "Go",
           (BREAKPOINTS,)),
    Action("breakpoints.add", "add", ("a",), "add", "add a condition that you type", "Keep", (BREAKPOINTS,)),
    Action("breakpoints.rename", "rename", ("r",), "name", "name the breakpoint", "Keep", (BREAKPOINTS,),
           needs="kept"),
    Action("breakpoints.remove", "remove", ("x",), "remove", "remove the breakpoint", "Keep", (BREAKPOINTS,),
           needs="kept"),
)  # fmt: skip
"""In the order of the help."""
