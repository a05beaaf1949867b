"""What a preamble costs: ``faq_preamble.py [DEV_FOLDER] [--queries 200]`` asks each FAQ the same questions plainly and inside rambling.

The threshold is the one the plain questions need for the wanted precision (``--precision``, 0.90: the bold one), over all
data sets together; "lost" is how many points fewer questions are answered at it. Only queries marked ``tune`` are read.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faq_plug import build

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "faq" / "dev"
PHRASINGS, IN_SCOPE = 5, 0.8
TOO_LARGE = 1_000

AROUND: dict[tuple[str, str], tuple[str, ...]] = {
    ("zh", "polite"): (
        "您好，不好意思打扰一下，我想请教一个问题。{}谢谢您的帮助！",
        "客服您好，我是第一次来，很多东西不太懂，想麻烦您帮我看看，{}，辛苦了",
        "早上好呀！一直很喜欢你们，今天有件事想跟您确认一下：{} 麻烦有空的时候回复我，祝工作顺利",
        "亲在吗？刚才翻了半天没有找到，只好来问问您，{} 感谢感谢～",
        "{} 麻烦您帮忙解答一下，非常感谢，不着急，您慢慢来",
    ),
    ("zh", "angry"): (
        "你们到底有没有人管啊！我等了整整三天了，一个回复都没有，{} 真是太让人失望了！",
        "气死我了！！！打了八个电话都没人接，踢皮球踢来踢去，{}",
        "我再说最后一遍，{} 听懂了没有？再这样下去我以后再也不来了",
        "什么破服务，昨天说今天，今天说明天，把人当傻子耍吗？{} 赶紧给我说清楚！",
        "{} 问了好几遍都答非所问，你们是机器人吗？能不能认真一点？",
    ),
    ("en", "polite"): (
        "Hello there, I hope you are having a lovely day. I am sorry to bother you with this. {} Thank you so much for your help!",
        "Hi team, first of all thanks for the great work you do. I am quite new here, so please bear with me: {} Many thanks in advance, Anna",
        "Good morning! My neighbour told me you are always very friendly, so I thought I would just ask. {} No rush at all, whenever you have a minute.",
        "Dear sir or madam, I have been a happy customer for many years. I looked everywhere and could not find it, {} Kind regards, Peter Miller",
        "{} I would be really grateful if somebody could explain it to me. Have a nice weekend!",
    ),
    ("en", "angry"): (
        "This is absolutely ridiculous. I have been waiting for three days and nobody has answered me! {}",
        "I am so fed up with you people. I called eight times and got thrown out of the line each time. {} Sort it out or I am leaving!",
        "For the last time, {} How hard can it be?? My patience is running out.",
        "WHAT A JOKE. Yesterday you said today, today you say tomorrow, do you think I am stupid? {} And do not send me another canned reply!!!",
        "{} I have asked this over and over and all I get is nonsense. Worst experience ever.",
    ),
}

UNSEEN: dict[tuple[str, str], tuple[str, ...]] = {
    ("zh", "polite"): (
        "你好你好，有个小疑问想跟你们核实下。{} 先谢过啦",
        "各位客服老师晚上好，深夜叨扰实在抱歉，我这人比较笨，弄了一晚上也没弄明白，{} 盼复",
        "{} 我妈让我来问的，她年纪大了不会打字，谢谢你们这么有耐心",
        "小店家你好呀，上周在你们这儿买过东西，体验特别好，这次有点小困惑：{}",
    ),
    ("zh", "angry"): (
        "又是这种自动回复，我真的会谢。{} 别再给我发那些没用的话了行不行",
        "怎么每次都这样？上次就说会改进，结果呢？{}",
        "{} 你们领导在哪？叫他出来跟我说！简直浪费我时间",
        "无语死了，折腾一下午，换了三个人都说不清楚，{} 今天必须给我个准话！",
    ),
    ("en", "polite"): (
        "Hiya! Hope all is well over there. Just a small thing I could not work out on my own. {} Ta very much, Becky",
        "Greetings. My grandmother wanted me to ask this for her, as she does not own a computer. {} We would both be delighted to hear from you.",
        "{} Sorry if that is a silly one, I am not very good with technology. Take care!",
        "Evening all, apologies for writing so late. I spent my whole lunch break reading your pages without luck. {}",
    ),
    ("en", "angry"): (
        "Are you kidding me? Third message this week and still no reaction whatsoever. {}",
        "What kind of circus is this. Every single person tells me a different story! {} I want a straight answer for once.",
        "{} And stop wasting my time with your silly menus. You should be embarrassed.",
        "Shocking. My kid could run this better. I have had it up to here with the excuses. {}",
    ),
}
"""Written after the list of idle words was settled, which was never changed for them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one FAQ: how sure the best entry was, whether it was right, and what the question counts."""

    score: float
    right: bool
    weight: float
    in_scope: bool


def main() -> None:
    """Print, for each mood and language, the share answered and its precision, and what is lost against plain."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=BENCH)
    parser.add_argument("--queries", type=int, default=200, help="at most so many queries of each data set")
    parser.add_argument("--unseen", action="store_true", help="the second set of preambles")
    parser.add_argument("--precision", type=float, default=0.90)
    given = parser.parse_args()
    sets = list(data_sets(given.folder))
    if not sets:
        sys.exit(f"no data sets in {given.folder}: name the folder of the FAQ bench's dev half")
    ways = UNSEEN if given.unseen else AROUND
    results: dict[str, list[list[Asked]]] = {"plain": [], "polite": [], "angry": []}
    for data in sets:
        matcher = build([{"id": e["id"], "phrasings": e["phrasings"][:PHRASINGS]} for e in data["entries"]])
        queries = [query for query in data["queries"] if query["split"] == "tune"]
        queries = random.Random(0).sample(queries, min(given.queries, len(queries)))
        for mood, found in results.items():
            found.append(list(_asked(matcher, queries, ways.get((data["lang"], mood), ("{}",)))))
    threshold = _threshold([one for asked in results["plain"] for one in asked], given.precision)
    print(f"threshold {threshold:.3f} for {given.precision:.0%} precision on plain questions\n")
    print(f"{'data set':14}" + "".join(f"{mood:>24}" for mood in results) + "   (answered @ precision)")
    rows = []
    for number, data in enumerate(sets):
        row = [_figures(found[number], threshold) for found in results.values()]
        rows.append(row)
        print(f"{data['name']:14}" + "".join(f"{a:>15.1f} @ {p:5.1f} " for a, p in row))
    for name, lang in (("mean en", "en"), ("mean zh", "zh"), ("mean", "")):
        chosen = [row for row, data in zip(rows, sets, strict=True) if lang in ("", data["lang"])]
        if chosen:
            means = [[sum(r[n][m] for r in chosen) / len(chosen) for m in (0, 1)] for n in range(3)]
            lost = ", ".join(
                f"{mood} {means[0][0] - means[n][0]:+.1f}" for n, mood in ((1, "polite"), (2, "angry"))
            )
            print(f"{name:14}" + "".join(f"{a:>15.1f} @ {p:5.1f} " for a, p in means) + f"   lost: {lost}")


def data_sets(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the data sets of a folder that are FAQs."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if len(data["entries"]) < TOO_LARGE:  # question pairs: one phrasing each, nobody rambles there
            yield data


def _asked(matcher: Any, queries: Sequence[dict[str, Any]], around: Sequence[str]) -> Iterator[Asked]:
    kinds = [query["kind"] for query in queries]
    outside = sorted(set(kinds) - {"in"})
    for number, query in enumerate(queries):
        found = matcher.search(around[number % len(around)].format(_stopped(query["text"], around)), 3)
        best, score = found[0] if found else ("", 0.0)
        inside = query["kind"] == "in"
        share = (IN_SCOPE if outside else 1.0) if inside else (1 - IN_SCOPE) / len(outside)
        yield Asked(score, inside and best == query["id"], share / kinds.count(query["kind"]), inside)


def _stopped(text: str, around: Sequence[str]) -> str:
    """End a question with a stop inside a longer message, as people do."""
    return (
        text if around == ("{}",) or text[-1:] in "。！？!?." else f"{text}{'.' if text.isascii() else '。'}"
    )


def _threshold(asked: Sequence[Asked], wanted: float) -> float:
    """Return the lowest score from which on the wanted share of what is answered is right."""
    lowest, right, whole = 1.0, 0.0, 0.0
    for count, one in enumerate(sorted(asked, key=lambda each: -each.score), start=1):
        whole += one.weight
        right += one.weight * one.right
        if right >= wanted * whole and count >= 20:
            lowest = one.score
    return lowest


def _figures(asked: Sequence[Asked], threshold: float) -> tuple[float, float]:
    answered = [one for one in asked if one.score >= threshold]
    inside = [one for one in asked if one.in_scope]
    weight = sum(one.weight for one in answered)
    precision = sum(one.weight for one in answered if one.right) / weight if weight else 0.0
    return 100 * sum(one.in_scope for one in answered) / len(inside), 100 * precision


if __name__ == "__main__":
    main()
