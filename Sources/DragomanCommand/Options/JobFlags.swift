import ArgumentParser
package import JobModel
import Languages

/// The flags that say what jobs are like.
package struct JobFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A model by its name. (default: the broker's default_model, or the only one there is)", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            """
            The language of the input (en, eng, en-US, zho_Hans: as you like): any model that has it, or with --model one \
            of that model's.
            """, valueName: "code"))
    var sourceLanguage: String?

    @Option(help: ArgumentHelp("The language to write, in the same way.", valueName: "code"))
    var targetLanguage: String?

    @Option(help: ArgumentHelp("0 (bulk) to 3 (a person waits); higher goes first.", valueName: "n"))
    var priority = 0

    @Option(help: ArgumentHelp("How long the results are of use; then jobs expire.", valueName: "seconds"))
    var deadline: Double?

    @Option(help: ArgumentHelp("How often a part of a job may be begun, 1 to 100.", valueName: "n"))
    var maxAttempts: Int?

    @Option(help: ArgumentHelp("A word for observers to subscribe to.", valueName: "word"))
    var topic = ""

    package init() {}

    package func validate() throws {
        guard Job.priorities.contains(priority) else {
            throw ValidationError("--priority must be 0 to 3, not \(priority)")
        }
        if let deadline, !(deadline > 0 && deadline <= 1e9) {
            throw ValidationError("--deadline must be above 0, and at most 1000000000, not \(deadline)")
        }
        if let maxAttempts, !Job.attempts.contains(maxAttempts) {
            throw ValidationError("--max-attempts must be 1 to \(Job.attempts.upperBound), not \(maxAttempts)")
        }
        guard ModelSelection(model: model, languages: languages) != nil else {
            throw ValidationError("--source-language and --target-language need each other, or --model")
        }
        // A model may have codes of its own.
        guard model == nil else { return }
        for (flag, code) in [("--source-language", sourceLanguage), ("--target-language", targetLanguage)] {
            if let code, LanguageTag(LanguageTag.bare(code)) == nil {
                throw ValidationError("\(flag) must be \(LanguageTag.form), not \"\(code)\"")
            }
        }
    }

    var languages: LanguageSelection { LanguageSelection(source: sourceLanguage, target: targetLanguage) }

    var selection: ModelSelection { ModelSelection(model: model, languages: languages) ?? .onlyOne }

    /// A job without sources, which all are copies of.
    package func template(options: SearchOptions) -> Job {
        var job = Job([])
        job.model = selection
        job.options = options
        job.priority = priority
        job.deadlineMilliseconds = deadline.map { UInt64(($0 * 1000).rounded(.up)) }
        job.maximumAttempts = maxAttempts
        job.topic = topic
        return job
    }
}
