"""What is printed on the keys."""

SHOWN = {"right": "→", "left": "←", "up": "↑", "down": "↓", "full_stop": ".", "comma": ",", "plus": "+", "minus": "-",
         "equals_sign": "=", "greater_than_sign": ">", "less_than_sign": "<", "right_square_bracket": "]",
         "left_square_bracket": "[", "left_parenthesis": "(", "right_parenthesis": ")", "pagedown": "PgDn",
         "pageup": "PgUp", "colon": ":", "slash": "/", "question_mark": "?", "number_sign": "#",
         "enter": "Enter", "tab": "Tab", "delete": "Del",
         "backspace": "Backspace", "shift+tab": "Shift+Tab", "space": "Space",
         "home": "Home", "end": "End", "escape": "Esc", "f1": "F1",
         "ctrl+p": "Ctrl+P", "ctrl+c": "Ctrl+C", "ctrl+q": "Ctrl+Q",
         "ctrl+l": "Ctrl+L", "ctrl+z": "Ctrl+Z"}  # fmt: skip
"""What is printed on the key."""

SHOWN_ASCII = SHOWN | {"right": "Right", "left": "Left", "up": "Up", "down": "Down"}
