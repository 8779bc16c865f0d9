package import Foundation

/// Why an attempt has failed.
package enum AttemptFailure: Error, Sendable, Equatable {
    /// It may pass.
    case passing(HubError, wait: Duration?)
    /// It would fail again.
    case lasting(HubError)
}

/// Who asked for what, for messages about the answer.
package struct Question: Sendable {
    package var repository: RepositoryName
    package var revision: String
    /// nil: for the list of files.
    package var file: String?
    package var hasToken: Bool
    package var endpoint: String

    package init(
        repository: RepositoryName, revision: String, file: String? = nil, hasToken: Bool,
        endpoint: String = HubEndpoint.standard
    ) {
        self.repository = repository
        self.revision = revision
        self.file = file
        self.hasToken = hasToken
        self.endpoint = endpoint
    }

    private var subject: String { file.map { "\(repository)/\($0)" } ?? "\(repository)" }

    /// What an answer means that does not hold what was asked for.
    ///
    /// The hub says more in `X-Error-Code` than by the status: it answers 401 also where there is no such repository, so
    /// that names of private ones do not get out.
    package func failure(_ head: HTTPHead, now: Date) -> AttemptFailure {
        let status = head.status
        let words = head.fields["x-error-message"]
        let page = "\(endpoint)/\(repository)"
        let token = "a token of yours (\(endpoint)/settings/tokens)"
        switch (status, head.fields["x-error-code"]) {
        case (_, "GatedRepo"):
            return .lasting(
                HubError(
                    .forbidden, subject, "the repository is only for those who accept its terms",
                    remedy: hasToken
                        ? "accept them on \(page) with the account that HF_TOKEN belongs to"
                        : "accept them on \(page), and set HF_TOKEN to \(token)"))
        case (_, "RevisionNotFound"):
            return .lasting(
                HubError(
                    .notFound, subject, "the repository has no such revision", found: "\"\(revision)\"",
                    remedy: "see \(page)/refs"))
        case (_, "EntryNotFound"):
            return .lasting(HubError(.notFound, subject, "the repository has no such file any more"))
        case (401, _) where words == "Invalid credentials in Authorization header":
            return .lasting(
                HubError(
                    .forbidden, subject, "the hub does not know the token in HF_TOKEN",
                    remedy: "set HF_TOKEN to \(token), or unset it"))
        case (401, _), (404, _), (_, "RepoNotFound"):
            return .lasting(
                HubError(
                    .notFound, subject,
                    hasToken
                        ? "there is no such repository, or the token in HF_TOKEN may not see it"
                        : "there is no such repository, or it is private",
                    remedy: hasToken
                        ? "compare the name with \(page)"
                        : "compare the name with \(page); for a private one set HF_TOKEN to \(token)"))
        case (403, _):
            return .lasting(
                HubError(
                    .forbidden, subject, "the hub forbids it" + (words.map { ": \($0)" } ?? ""),
                    remedy: hasToken ? "see what the token in HF_TOKEN may do" : "set HF_TOKEN to \(token)"))
        case (408, _), (429, _), (500...599, _):
            let problem = status == 429 ? "the hub has been asked too often" : "the hub has trouble"
            return .passing(
                HubError(.unreachable, subject, problem, found: "status \(status)", remedy: "try again later"),
                wait: head.retryAfter(now: now))
        default:
            return .lasting(
                HubError(
                    .refused, subject, "the hub refuses" + (words.map { ": \($0)" } ?? ""), found: "status \(status)"))
        }
    }

    /// What it means that no whole answer came.
    func failure(_ failure: TransferFailure, address: String) -> AttemptFailure {
        let host = HTTPOrigin(address)?.host ?? address
        switch failure.kind {
        case .unreachable:
            return .passing(
                HubError(
                    .unreachable, host, "cannot be reached: \(failure.problem)",
                    remedy: "look at the network, and whether a proxy is needed (https_proxy)"), wait: nil)
        case .broken:
            return .passing(HubError(.unreachable, subject, "the connection was cut: \(failure.problem)"), wait: nil)
        case .stalled:
            return .passing(HubError(.unreachable, subject, "nothing comes: \(failure.problem)"), wait: nil)
        case .untrusted:
            return .lasting(
                HubError(
                    .untrusted, host, failure.problem,
                    remedy: "look at the clock and at the package ca-certificates; certificates of your own belong in "
                        + "the file that SSL_CERT_FILE names"))
        case .impossible: return .lasting(HubError(.refused, subject, failure.problem))
        case .stopped: return .lasting(HubError(.interrupted, subject, "interrupted"))
        }
    }
}
