"""Lines of text that tokenizers differ on, from a seed."""

import random
import unicodedata

SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u200b", "\u3000", "\u2028", "\u0085", "\u202f", "\ufeff"]
LOOKALIKES = ["</s>", "<s>", "<pad>", "<unk>", "<mask>", "<extra_id_0>", "<mask_1>", "<unk_2>", "__fr__", "fr_XX",
              "fra_Latn", "__end__", "[CLS]", "[UNK]", ">>fra<<", "<0x41>", "<2fr>", "@@", "@-@", "</w>", "&amp;", "##a"]
CONTROLS = ["\x00", "\x01", "\x07", "\x1b", "\x7f", "\u0080", "\u200d", "\u200e", "\u202e", "\u00ad", "\ufffd", "\ue000"]
EMOJI = ["😀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "👍🏽", "❤️", "1️⃣", "🧑🏿‍🚀"]
WORDS = ["Hello", "don't", "it's", "we'll", "naïve", "café", "cafe\u0301", "Ångström", "STRASSE", "straße", "ﬁnance",
         "e-mail", "U.S.A.", "3.14", "1,234,567", "12345678", "½", "x²", "№5", "ΣΊΣΥΦΟΣ", "ὈΔΥΣΣΕΎΣ", "Привет", "мир", "שלום",
         "مرحبا", "بِسْمِ", "नमस्ते", "क्षेत्र", "ภาษาไทย", "日本語", "東京都", "ﾊﾝｶｸ", "ＡＢＣ", "한국어", "각", "中文", "你好", "İstanbul", "ı",
         "Ǆ", "ǅ", "ﷺ", "㌔", "①", "Ⅷ", "ﬀ", "a\u0308\u0323", "q\u0307\u0323", "▁", "▁▁", "▁word", "word▁", "_", "don’t",
         "“quote”", "«guillemets»", "…", "...", "—", "–", "‘x’", "http://a.b/c?d=e&f=g", "user@host.org", "C++", "(a)", "[b]",
         "{c}", "$5.00", "100%", "#tag", "a/b", "\\", "|", "~", "^", "`", "``", "''", "\"", "'", "!!!", "?!", "۱۲۳", "१२३", "Ω", "Å", "z.B.", "bzw.", "Mr.",
         "No.", "pp.", "ул.", "ja,\"", "nein.\" ja", "12\u00a0000", "5 %", "Jones'", "'tis", "end.", "end.'", "а.", "1990's", ") ."]


def odd_lines(count, seed):
    random.seed(seed)
    lines = ["", " ", "  ", "▁", " ▁", "\n", "\t", "a", " a", "a ", "  a  b  ", "\x00", "é", "e\u0301", "\u0301", "🇫", "\u200d"]
    lines += LOOKALIKES + [f"a{x}b" for x in LOOKALIKES] + [f"{x} {x}" for x in LOOKALIKES] + CONTROLS + EMOJI + WORDS
    while len(lines) < count:
        kind = random.random()
        if kind < 0.6:
            parts = []
            for _ in range(random.randint(1, 9)):
                pool = random.choices([WORDS, LOOKALIKES, CONTROLS, EMOJI], [12, 2, 1, 2])[0]
                parts.append(random.choice(pool))
                parts.append(random.choices([" ", "", random.choice(SPACES)], [6, 3, 2])[0])
            line = "".join(parts)
        elif kind < 0.75:
            line = "".join(chr(random.choice([random.randint(32, 126), random.randint(160, 0x24F)]))
                           for _ in range(random.randint(1, 40)))
        elif kind < 0.9:
            # Assigned characters of the basic plane, that every Unicode version of the last ten years has.
            line = ""
            while len(line) < random.randint(1, 20):
                c = chr(random.randint(0x20, 0xFFFD))
                if unicodedata.category(c) not in ("Cs", "Cn", "Co") and unicodedata.ucd_3_2_0.category(c) != "Cn":
                    line += c
        else:
            line = random.choice(WORDS) * random.randint(2, 30)
        lines.append(line)
    return lines[:count]
