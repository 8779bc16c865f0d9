/// The interfaces that the gateway speaks; each has its own way to say what is wrong.
enum Interface: Sendable, Hashable, CaseIterable {
    case libreTranslate, deepL, google, jobs, page
}
