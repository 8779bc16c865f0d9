internal import Foundation

/// Asks a hub: follows its redirections, and asks again when what went wrong may pass.
package final class HubClient {
    private static let redirectsMax = 10
    /// The most that is read of a redirection's body.
    private static let wasteBytesMax = 1 << 20

    package let endpoint: HubEndpoint
    private let transport: any Transport
    private let stop: Stop
    private let policy: RetryPolicy
    private let wait: (Duration) -> Bool
    private let onRetry: (HubError, Duration) -> Void

    /// - Parameters:
    ///   - wait: Waits on this thread, and says whether all of the time has passed; nil: until `stop`.
    ///   - onRetry: Called before each wait with its reason.
    package init(
        endpoint: HubEndpoint, transport: any Transport, stop: Stop, policy: RetryPolicy = RetryPolicy(),
        wait: ((Duration) -> Bool)? = nil, onRetry: @escaping (HubError, Duration) -> Void = { _, _ in }
    ) {
        self.endpoint = endpoint
        self.transport = transport
        self.stop = stop
        self.policy = policy
        self.wait = wait ?? stop.wait
        self.onRetry = onRetry
    }

    /// The files of a revision.
    package func listing(of repository: RepositoryName, revision: String) throws(HubError) -> RepositoryListing {
        let address = try endpoint.listing(of: repository, revision: revision)
        let question = question(repository, revision)
        let bytes = try persistently(question, progress: { 0 }) { () throws(AttemptFailure) in
            let answer = WholeAnswer(bytesMax: RepositoryListing.bytesMax, question: question)
            try ask(address, headers: [("Accept-Encoding", "identity")], question, into: answer)
            return answer.bytes
        }
        return try RepositoryListing(bytes, of: repository)
    }

    func question(_ repository: RepositoryName, _ revision: String, file: String? = nil) -> Question {
        Question(
            repository: repository, revision: revision, file: file, hasToken: endpoint.token != nil,
            endpoint: endpoint.address)
    }

    /// Attempts something until it succeeds, cannot, or has failed too often.
    ///
    /// - Parameter progress: How many bytes have come in all.
    func persistently<Result>(
        _ question: Question, progress: () -> Int, _ attempt: () throws(AttemptFailure) -> Result
    ) throws(HubError) -> Result {
        var retries = Retries(policy)
        var before = progress()
        while true {
            do throws(AttemptFailure) {
                return try attempt()
            } catch {
                switch error {
                case .lasting(let error): throw error
                case .passing(let error, let asked):
                    let received = progress() - before
                    before = progress()
                    guard let pause = retries.wait(asked: asked, received: max(received, 0)) else { throw error }
                    onRetry(error, pause)
                    guard wait(pause) else { throw HubError(.interrupted, error.subject, "interrupted") }
                }
            }
        }
    }

    /// One attempt, with its redirections.
    func ask(
        _ address: String, headers: [(name: String, value: String)], _ question: Question,
        into receiver: any AnswerReceiver
    ) throws(AttemptFailure) {
        var address = address
        for _ in 0...Self.redirectsMax {
            guard !stop.isRequested else { throw .lasting(HubError(.interrupted, address, "interrupted")) }
            var request = HTTPRequest(address, headers: headers)
            // Others who store the files for the hub have no business with the token.
            if let token = endpoint.token, HTTPOrigin(address) == endpoint.origin {
                request.headers.append(("Authorization", "Bearer \(token)"))
            }
            let step = Step(receiver: receiver, wasteBytesMax: Self.wasteBytesMax)
            let redirect: String?
            do {
                redirect = try transport.send(request, into: step)
            } catch is NothingMore {
                return
            } catch let error as TransferFailure {
                throw question.failure(error, address: address)
            } catch let error as AttemptFailure {
                throw error
            } catch let error as HubError {
                throw .lasting(error)
            } catch {
                throw .lasting(HubError(.refused, address, "\(error)"))
            }
            guard step.isRedirection else { return }
            address = try Self.next(after: address, to: redirect)
        }
        throw .lasting(
            HubError(
                .refused, "\(question.repository)", "the hub redirects again and again",
                expected: "at most \(Self.redirectsMax) times", found: address))
    }

    /// Where a redirection leads, if one may go there.
    private static func next(after address: String, to redirect: String?) throws(AttemptFailure) -> String {
        func refused(_ problem: String) -> AttemptFailure {
            .lasting(HubError(.refused, address, problem, found: redirect.map { "\"\(HubError.printable($0))\"" }))
        }
        guard let redirect else { throw refused("the hub redirects to no place") }
        guard let target = HTTPOrigin(redirect) else {
            throw refused("the hub redirects to something that is not an HTTP address")
        }
        if let origin = HTTPOrigin(address), origin.isSecure, !target.isSecure {
            throw refused("the hub redirects from https to http, where anybody could answer")
        }
        return redirect
    }

    /// Keeps the body of a redirection from the receiver.
    private final class Step: AnswerReceiver {
        private let receiver: any AnswerReceiver
        private let wasteBytesMax: Int
        private var waste = 0
        private(set) var isRedirection = false

        init(receiver: any AnswerReceiver, wasteBytesMax: Int) {
            self.receiver = receiver
            self.wasteBytesMax = wasteBytesMax
        }

        func begin(_ head: HTTPHead) throws {
            isRedirection = [301, 302, 303, 307, 308].contains(head.status)
            if !isRedirection { try receiver.begin(head) }
        }

        func take(_ bytes: UnsafeRawBufferPointer) throws {
            guard isRedirection else { return try receiver.take(bytes) }
            waste += bytes.count
            guard waste <= wasteBytesMax else { throw TransferFailure(.impossible, "a redirection without an end") }
        }
    }

    /// An answer that is kept in memory.
    private final class WholeAnswer: AnswerReceiver {
        private let bytesMax: Int
        private let question: Question
        private(set) var bytes: [UInt8] = []

        init(bytesMax: Int, question: Question) {
            self.bytesMax = bytesMax
            self.question = question
        }

        func begin(_ head: HTTPHead) throws {
            bytes = []
            // The body would only say in other words what the head does.
            guard head.status == 200 else { throw question.failure(head, now: Date()) }
        }

        func take(_ part: UnsafeRawBufferPointer) throws {
            guard bytes.count + part.count <= bytesMax else {
                throw HubError(
                    .malformedAnswer, "\(question.repository)", "the hub's answer is too long",
                    expected: "at most \(bytesMax) bytes")
            }
            bytes.append(contentsOf: part)
        }
    }
}
