import ArgumentParser
import JobModel

/// The flags that say how to translate; each defaults to what the model's files say.
package struct TranslationFlags: ParsableArguments {
    @OptionGroup(title: "Segments")
    var segmentation: OptionFlags<SegmentationHeading>
    @OptionGroup(title: "Search (each defaults to what the model's files say)")
    var search: OptionFlags<SearchHeading>
    @OptionGroup(title: "Constraints")
    var constraints: OptionFlags<ConstraintHeading>
    @OptionGroup(title: "Sampling (any of these turns it on)")
    var sampling: OptionFlags<SamplingHeading>

    package init() {}

    package func validate() throws {
        if let problem = options.problem(named: \.flag) { throw ValidationError(problem) }
    }

    /// Refuses lists of hypotheses, each of which ends with its score, when scores are not wanted.
    func checkListsScores() throws {
        if options.returnScores == false && hypotheses > 1 {
            throw ValidationError("--n-best lists scores; with --no-return-scores it needs --json")
        }
    }

    /// Refuses paragraphs where every line is by itself.
    func checkParagraphs(inputFormat: String, isDocument: Bool) throws {
        if options.paragraphs == true, !isDocument {
            throw ValidationError("--paragraphs joins lines: give --input-format \(inputFormat) or jsonl")
        }
    }

    /// Hypotheses asked for.
    var hypotheses: Int { options.nBest ?? 1 }

    var options: SearchOptions {
        segmentation.options.over(search.options).over(constraints.options).over(sampling.options)
    }

    /// - Parameter alignments: A flag that each command declares itself.
    func options(alignments: Bool) -> SearchOptions {
        var options = options
        options.alignments = alignments ? true : nil
        return options
    }
}
