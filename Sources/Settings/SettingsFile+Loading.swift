import Foundation
import Wording
import Yams

/// The one place that opens a configuration file, and what can be wrong with it before any key is looked at.
extension SettingsFile {
    static func text(of path: String) throws(InvalidSettings) -> String {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            data = try file.read(upToCount: bytesMax + 1) ?? Data()
        } catch {
            throw invalid(
                path, line: nil, "cannot be read: \(error.reason)",
                "name one that this user may read with --config or \(ConfigurationFile.variable) (empty: none)")
        }
        guard data.count <= bytesMax else {
            throw invalid(path, line: nil, "is larger than \(bytesMax) bytes", "name a configuration file")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw invalid(path, line: nil, "is not UTF-8", "save it as UTF-8")
        }
        return text
    }

    static func invalid(_ path: String, line: Int?, _ what: String, _ remedy: String) -> InvalidSettings {
        let place = line.map { "\(path):\($0)" } ?? path
        return InvalidSettings(problems: [SettingsProblem(place: place, what: what, remedy: remedy)])
    }

    /// What Yams threw as it parsed.
    static func invalid(_ path: String, _ error: any Error) -> InvalidSettings {
        guard let error = error as? YamlError else {
            return invalid(path, line: nil, "is not YAML: \(error)", "mend it")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let what = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
            return invalid(
                path, line: mark.line, "is not YAML: \(what) (column \(mark.column))",
                "mend the line, or the one before it; texts with special characters stand in quotes")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.joined(separator: ", ")
            return invalid(
                path, line: context.mark.line, "\(names) is there more than once",
                "keep one of them, and delete the others")
        case .reader(let problem, _, _, _):
            return invalid(path, line: nil, "is not YAML: \(problem)", "delete what is no text")
        default:
            return invalid(path, line: nil, "is not YAML: \(error)", "mend it")
        }
    }

}
