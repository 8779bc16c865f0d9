/// The long part of `dragoman submit --help`, wrapped by hand so that its columns hold on 80 characters.
enum SubmitDiscussion {
    static let text = """
        Examples:
          dragoman submit news.txt
          dragoman submit --wait news.txt > news.fr.txt
          dragoman submit --input-format document --priority 2 letter.txt
          dragoman submit --model nllb --source-language en --target-language sw a.txt
          dragoman submit --group 100 --topic catalogue --idempotent june dump.txt
          dragoman submit --input-format jsonl jobs.jsonl
          dragoman submit --wait --glossary terms.tsv manual.txt > manual.fr.txt
          dragoman submit --wait --glossary-name shop manual.txt > manual.fr.txt

        Input formats:
          lines     Every line is a job; with --group, so many lines are.
          document  Every file is a job. Its line breaks and blank lines are kept.
          jsonl     Every line is a JSON object, a job: "text", "tokens" (an array) or
                    "texts" (an array of texts), and if wanted "job_id", "model",
                    "source_language", "target_language", "priority", "deadline_ms",
                    "max_attempts", "topic", "trace", "partial_results", "glossary"
                    (an object with a target for each source) or "glossary_name", and
                    any option below by its name. What is given on the command line is the default.

        Terms (--glossary) are those of `dragoman translate`. Each job has a copy of
        those that its texts have: what becomes of the file afterwards changes nothing.
        --glossary-name names a glossary that the broker keeps (dragoman glossary); a
        job has the terms that it has when the job is accepted. A job that names none
        that there is, or one between other languages, is rejected.

        Without --wait, every job's id is a line of output, once the broker has the
        job on its disk; results are read with `dragoman results`. With --json,
          {"index", "job_id"}
        and "duplicate": true where the broker had the job before. "index" counts
        sources from 0. A job that is rejected leaves an empty line. Standard error has
        the first message of each kind, and in the end how many more there were. With
        --json, every rejected job has its own
          {"index", "error": {"code", "message"}}

        With --wait, the output is that of `dragoman translate`, from the records of
        exactly these jobs, in the order of the input. (JSON has no "segments", and so
        no "terms"; "confidence", "suspicious", "glossary_hits" and "glossary_misses"
        it has.)

        Interrupted (Ctrl-C), it submits nothing more. With --wait, the jobs that have
        not ended are cancelled then, or stay queued: see --on-interrupt; their ids
        are put into a file whose name is said. Without --wait, all that were accepted
        stay queued, and the output has their ids. A second interrupt ends it at once.

        A broker that has no room is asked again when it says, and one that is
        started anew is waited for. Nothing is submitted twice by that. Who runs the
        command again after a crash uses --idempotent, with the same key and the same
        input: what was accepted the first time is not translated again. Another
        input, or other options, need another key.

        Of several brokers, those that answer are given jobs in turn. Jobs for which
        a broker does not answer for a minute go to another one; they may then be
        translated twice.

        Up to 4096 jobs are in flight, fewer when they hold more than 16 MiB, so that
        memory is bounded for input without end.

        DRAGOMAN_CLIENT_JOBS_ENDPOINT, DRAGOMAN_CLIENT_RESULTS_ENDPOINT and
        DRAGOMAN_CLIENT_TIMEOUT_MS in the environment stand for the flags. Of a broker
        with standbys, name the addresses of all, with commas between: when the one
        that answered is silent, the next is tried.

        Exit status: 0 when all went well, 1 when jobs were rejected or failed (the
        others were not), 64 for wrong arguments, 65 for a file that is no glossary,
        66 for input that cannot be opened, 69 when no broker answers, 74 when reading or writing fails, 76 when a broker
        refuses the request, 77 when the key may not submit.
        """
}
