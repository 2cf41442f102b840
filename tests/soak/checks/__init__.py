"""All checks, by name."""

from soak.checks import drawn as drawn
from soak.checks import exact as exact
from soak.checks import means as means
from soak.checks import phases as phases
from soak.checks import questions as questions
from soak.checks import repeated as repeated
from soak.checks import written as written
from soak.checks.register import CHECKS as CHECKS
