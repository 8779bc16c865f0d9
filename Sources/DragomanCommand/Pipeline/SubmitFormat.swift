import ArgumentParser

/// What jobs are made of.
package enum SubmitFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// Every line is a source.
    case lines
    /// Every file is a job.
    case document
    /// Every line is a JSON object: a job.
    case jsonl
}
