"""Asking for an observation: the shortest honest dialogue, one answer at a time.

Every answer is kept in a draft at once, so that a dialogue broken off goes on
where it stopped; nothing is sealed before the inspector has read what the
origin check says.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fieldkit.advice import advise
from fieldkit.capture import Captured, Recorder
from fieldkit.completion import completed
from fieldkit.device_clock import sealed_clock
from fieldkit.errors import FieldkitError
from fieldkit.language import say
from fieldkit.outbox import SqliteOutbox
from fieldkit.outbox.drafts import FORM
from fieldkit.questions import (
    Answers,
    Question,
    Setting,
    body_of_answers,
    questions,
)
from fieldkit.revision import body_of
from geo.errors import GeoError, Message
from schemas.assessment import Reference
from schemas.record import explain_input
from sync.clock import acted_on

_RESUME = Message(
    zh="有一份 {at} 开始的草稿，继续？[Y/n，d 删除]",
    en="There is a draft begun {at}; go on with it? [Y/n, d deletes it]",
)
_SEAL = Message(
    zh="封存？封存后不可改，只能更正 [Y/n]",
    en="Seal it? Sealed, it can only be amended [Y/n]",
)
_KEPT = Message(
    zh="未封存；草稿已保留，再次运行 fieldkit record 可继续。",
    en="Not sealed; the draft is kept, fieldkit record goes on with it.",
)
_INTRO = Message(
    zh="{unit}　{officers}　回车即用方括号内的值，Ctrl-C 暂停。",
    en="{unit}  {officers}  Enter takes what is in brackets, Ctrl-C pauses.",
)
_YES = ("", "y", "yes", "是")


class Speaker(Protocol):
    """Who is asked."""

    def ask(self, prompt: str) -> str:
        """Return the answer; EOFError or KeyboardInterrupt if there is none."""

    def tell(self, text: str) -> None:
        """Say something."""


class Terminal:
    """The person at the terminal: asked on stderr, answering on stdin."""

    def ask(self, prompt: str) -> str:
        """Return the line typed."""
        sys.stderr.write(f"{prompt} ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def tell(self, text: str) -> None:
        """Print a line."""
        sys.stderr.write(f"{text}\n")


@dataclass
class Dialogue:
    """One observation asked for, from the first question to the seal."""

    speaker: Speaker
    outbox: SqliteOutbox
    recorder: Recorder
    reference: Reference

    def run(self) -> Captured | None:
        """Return the record sealed, None if the inspector broke off.

        What was answered is then kept as a draft.
        """
        try:
            draft, answers = self._begin()
            draft = self._ask_all(draft, answers)
            body = body_of_answers(answers)
            if self._is_agreed(body):
                return self.recorder.record(body, draft=draft)
        except (EOFError, KeyboardInterrupt):
            self.speaker.tell("")
        self.speaker.tell(say(_KEPT))
        return None

    def _begin(self) -> tuple[int | None, Answers]:
        identity = self.outbox.require_identity()
        officers = "、".join(officer["name"] for officer in identity.officers)
        self.speaker.tell(say(_INTRO, unit=identity.unit_name, officers=officers))
        own = [draft for draft in self.outbox.drafts() if FORM not in draft.body]
        for draft in own[-1:]:
            answer = self.speaker.ask(say(_RESUME, at=draft.started_at)).casefold()
            if answer in _YES:
                return draft.number, dict(draft.body)
            if answer == "d":
                self.outbox.remove_draft(draft.number)
        return None, {}

    def _ask_all(self, draft: int | None, answers: Answers) -> int | None:
        setting = Setting(
            identity=self.outbox.require_identity(),
            now=self.recorder.clock().now,
            codes=self.reference.codes,
            units=tuple(self.reference.units),
            last=self._last_body(),
        )
        for question in questions():
            if question.is_asked(answers):
                answers[question.name] = self._answer(question, setting, answers)
                draft = self.outbox.save_draft(answers, at=setting.now, number=draft)
        return draft

    def _answer(self, question: Question, setting: Setting, answers: Answers) -> Any:
        proposed = answers.get(question.name, question.proposed(setting))
        bracket = f" [{question.shown(proposed)}]" if proposed else ""
        while True:
            typed = self.speaker.ask(f"{say(question.prompt)}{bracket}:")
            if not typed and proposed is not None:
                return proposed
            try:
                return question.read(typed, setting)
            except (FieldkitError, GeoError) as error:
                self.speaker.tell(f"  {say(error.message)}")

    def _last_body(self) -> Mapping[str, Any]:
        last = self.outbox.newest("observation")
        return body_of(last) if last else {}

    def _is_agreed(self, body: dict[str, Any]) -> bool:
        """Say what is wrong, or what the origin check says, then ask to save."""
        faults = explain_input(body)
        for fault in faults:
            self.speaker.tell(f"  {fault.field}: {say(fault.message)}")
        if faults:
            return False
        reading = self.recorder.clock()
        whole = completed(body, self.outbox.require_identity(), reading.now)
        clock = sealed_clock(self.outbox, reading)
        day = acted_on({"body": whole, "clock": clock})
        for line in advise(whole, day, self.reference).lines:
            self.speaker.tell(f"  {say(line)}")
        return self._is_yes(say(_SEAL))

    def _is_yes(self, prompt: str) -> bool:
        return self.speaker.ask(prompt).casefold() in _YES
