/// Where a value comes from.
package enum SettingsSource: Sendable, Equatable, CustomStringConvertible {
    case `default`
    case file(path: String, line: Int)
    case environment(variable: String)
    /// A key that no setting names, where its part looks for it.
    case found(path: String)

    package var description: String {
        switch self {
        case .default: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let variable): variable
        case .found(let path): path
        }
    }
}
