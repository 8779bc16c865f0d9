package import DragomanEngine
package import Foundation

/// A model that a worker offers, whether it is in memory or not.
package struct HostedModel: Sendable, Equatable {
    package var name: String
    package var directory: URL
    /// Where it may come to be besides: a relative path and the name of a model that is to be pulled look alike.
    package var otherDirectories: [URL] = []
    package var precision = Precision.int8
    /// See `Translator.Settings`.
    package var usesShortlist = false
    /// In place of what the model's files say.
    package var sourceLanguage: String?
    package var targetLanguage: String?
    /// Whether it is loaded at the start, and not when it is first asked for.
    package var isPreloaded = false

    package init(name: String, directory: URL) {
        self.name = name
        self.directory = directory
    }

    /// The folder that is there now.
    var folder: URL {
        ([directory] + otherDirectories).first { FileManager.default.fileExists(atPath: $0.path) } ?? directory
    }
}
