"""What ``gateway check`` says of the house's own triage rules."""

from collections.abc import Iterator

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings
from gateway.settings.rules_triage import triager_of
from gateway.triage.lint import doubts

CHECK = "triage"


def triage_rules(settings: Settings) -> Iterator[Finding]:
    """Yield what is doubtful about ``triage.rules``, and which rules and model decide."""
    triager = triager_of(settings.triage, settings.data.dir)
    if settings.triage.rules is not None:
        for one in doubts(triager.lexicon, settings.triage.rules.name):
            yield Finding(
                check=CHECK, level="note", found=Said(f"{one.where}：{one.zh}。", f"{one.where}: {one.en}.")
            )
    count = len(triager.lexicon.rules)
    with_model = triager.model is not None
    yield Finding(
        check=CHECK,
        level="ok",
        found=Said(
            f"{count} 条规则{'和一个训练模型' if with_model else '，没有训练模型'}，版本 {triager.version}。",
            f"{count} rules {'and a trained model' if with_model else 'and no trained model'}, version {triager.version}.",
        ),
    )
