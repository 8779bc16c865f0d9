/// The long part of `dragoman translate --help`, wrapped by hand so that its columns hold on 80 characters.
enum TranslateDiscussion {
    static let text = """
        Examples:
          echo "Where is the train station?" | dragoman translate
          dragoman translate --model opus-mt-en-de news.txt > news.de.txt
          dragoman translate film.en.srt --output film.fr.srt
          dragoman translate --format json --keys 'menu.*' < en.json > fr.json
          dragoman translate --json --beam-size 4 --n-best 3 questions.txt
          dragoman translate --glossary terms.tsv manual.md > manual.fr.md
          dragoman translate --memory en-fr.tmx manual.docx --output manual.fr.docx
          dragoman translate --score news.fr.txt news.en.txt
          dragoman translate --model nllb-200-distilled-600M --source-language en \\
            --target-language fr news.txt
          dragoman translate --input-format jsonl requests.jsonl

        Documents (--format, or by the file's name):
          text, srt, vtt, po, json, yaml, properties, strings, markdown, html, xml,
          xliff, docx, pptx, odt, odp, epub. Their texts are translated, and all else
          stays as it is, byte for byte; docs/DOCUMENTS.md says what is a text. The
          names of files say the format (film.srt, README.md), but for plain text,
          which is a document with --format text only. The whole input is read
          before the output is written, so that both may be one file. A text that
          cannot be translated stays as it is:
            dragoman: text N: MESSAGE (left as it is)

        Input formats, of what is no document:
          text    The whole input is one request. It is cut into sentences, and its
                  line breaks and blank lines are kept. See --split, --paragraphs.
          lines   Every line is a request, and one line of output, which appears as
                  soon as it and the lines before it are ready.
          tokens  As lines, but in the model's own tokens, separated by spaces or
                  tabs: no tokenizer, no sentences.
          jsonl   Every line is a JSON object with "text" or "tokens" (an array),
                  "target" when that is to be scored instead, and any option below
                  by its name: {"text": "Good morning.", "beam_size": 2}. A string
                  as "target" or "prefix" is text, an array is tokens. Options on
                  the command line are the defaults. The output is JSON too.
                  "source_language" and "target_language" are options as well, and
                  "glossary", an object with a target for each source.

        Terms (--glossary): a source, a tab and a target on each line (TSV), CSV or
        TBX, by the file's name or contents. A source is found as it is written, as
        whole words, the longest first, and its target is in the output. A target
        that is empty or the source says that the term is not translated.
        docs/GLOSSARIES.md says more.

        Translation memory (--memory): a TMX file. A sentence that is the source of a
        unit there, but for white space and the case of letters, has the unit's
        target as its translation, and the model is not asked. Sentences with tags
        in them are translated. The command ends with a count:
          dragoman: 3 of 8 segments are from the memory
        docs/MEMORY.md says more.

        All input is UTF-8. A line ends in LF or CRLF, and so does its output.

        JSON output, one line a request, counted from 0:
          {"index", "source", "hypotheses": [{"text", "score", "tokens",
          "token_scores", "alignment"}], "truncated", "confidence", "suspicious",
          "glossary_hits", "glossary_misses", "memory_hits",
          "segments": [{"source", "source_tokens", "text", "split", "copied",
          "memory", "confidence", "suspicious", "protected": [{"text", "kind", "fate"}],
          "terms": [{"source", "target", "fate"}]}]}
        "hypotheses" begin with the best; samples are in the order drawn. With
        --no-return-scores they have neither "score" nor "token_scores", and no
        "target" can be scored.
        "confidence" is the geometric mean of the probabilities that the model gave
        to a segment's tokens, 0 to 1, and of a request the lowest. It compares
        outputs of one model. It is not there with --no-return-scores.
        "truncated" is there when any hypothesis reached the maximum length,
        "segments" when there are several, one that is copied or suspicious or from
        a memory, or protected text, or with --alignments, "split" when a sentence
        was too long for a segment and was cut after this one.
        "copied" is true of a segment without letters, which stands in the output as
        it is. It has no tokens and no row of "alignment", and where there is nothing
        else, there is one hypothesis, with a score of 0.
        "memory" is there where the translation is that of a memory: "exact", or
        "folded" where the case of letters differs. Such a segment is like a copied
        one in all else. "memory_hits" counts them.
        "protected" lists what must not be translated: placeholders, entities, code,
        URLs, e-mail addresses, files, hashtags, mentions, marks of footnotes, symbols
        that the model's vocabulary lacks. "fate" is "outside" where it stood at an
        edge and the model was not given it, "copied" where the model has written it
        as it is, "constrained" where it had to, in a second pass, "placed" where it
        was put in afterwards, and, with --no-second-pass, "lost" where it is missing.
        "glossary_hits" says how many terms of the glossary the text has whose targets
        are in the output, and "glossary_misses" lists the sources of the others,
        which there are with --no-second-pass only. "terms" lists them all: "fate" is
        "written" where the model has written the target by itself, "required" where
        it had to, in a second pass, "placed" where it was put in the place of other
        words, or "missed".
        "suspicious" says why a segment was decoded again and is the better of two
        outputs: "repetition", "length", "copy" (of the source) or "script"; of a
        request, why its first such segment was.
        "alignment" and "source_tokens" are there with --alignments: each target
        token has a row, with a column for each of its segment's source tokens and
        then for each token that all sources of the model end with, for most models
        one for </s>; the rows of the segments follow each other.
        A request that fails leaves
          {"index", "error": {"code", "message"}}

        Without JSON, a request that fails leaves an empty line, and a message on
        standard error. Five more things are told there, and leave the exit status
        at 0:
          dragoman: line N: the output reached the maximum length (cut)
          dragoman: line N: longer than the model holds; translated in K parts
          dragoman: line N: the translation looks wrong: it repeated itself
          dragoman: line N: the model has changed or left out {name}
          dragoman: line N: not translated as the glossary says: cat
        With --n-best above 1, output is a list of lines:
          index ||| text ||| score

        Up to 4096 requests are in flight, fewer when they hold more than 16 MiB,
        so that memory is bounded for input without end.

        DRAGOMAN_ISA in the environment names the instruction set to compute with, in
        place of the best one that the processor has. The output stays the same.

        Exit status: 0 when all went well, 1 when requests failed (the others were
        served), 64 for wrong arguments, 65 when the files of --score do not match,
        or a document, a glossary or a memory is not what its format says it should be,
        66 for input that cannot be opened, 74 when reading or writing fails, 78 when
        the model cannot be loaded.
        """
}
