import JobModel
import Wire

/// The jobs of one `submit`, and what has become of them.
struct Submission: Sendable {
    let jobs: [Job]
    /// Of a job that is to be tried again, the broker's refusal; nil again while it is on the way.
    var verdicts: [Verdict?]
    /// Jobs without a last word.
    var openCount: Int
    /// The first job that no frame has had.
    private(set) var cursor = 0
    let began: Duration
    let deadline: Duration?

    init(jobs: [Job], began: Duration, deadline: Duration?) {
        self.jobs = jobs
        verdicts = Array(repeating: nil, count: jobs.count)
        openCount = jobs.count
        self.began = began
        self.deadline = deadline
    }

    var hasUncutJobs: Bool { cursor < jobs.count }

    /// The jobs of the next frame; none when only such were left that fit into no frame.
    mutating func cutFrame(jobs jobsMaximum: Int, bytes bytesMaximum: Int) -> [Int] {
        var indices: [Int] = []
        var bytes = 0
        while hasUncutJobs, indices.count < jobsMaximum {
            let size = jobs[cursor].frameByteCount
            if size > bytesMaximum {
                settle(cursor, .rejected(Self.tooLarge(size, bytesMaximum)))
            } else if bytes + size > bytesMaximum {
                break
            } else {
                indices.append(cursor)
                bytes += size
            }
            cursor += 1
        }
        return indices
    }

    /// The last word on a job.
    mutating func settle(_ index: Int, _ outcome: Verdict.Outcome) {
        verdicts[index] = Verdict(job: jobs[index].id, outcome)
        openCount -= 1
    }

    /// One for each job, when the broker had no room for some until the deadline.
    var verdictsAtDeadline: [Verdict] {
        zip(jobs, verdicts).map { job, verdict in
            verdict ?? Verdict(job: job.id, .rejected(Rejection(.retryLater, "there was no room until the deadline")))
        }
    }

    private static func tooLarge(_ size: Int, _ limit: Int) -> Rejection {
        Rejection(
            .tooLarge,
            """
            the job takes up to \(size) bytes in a message, and the broker takes at most \
            \(limit) (broker.client_frame_bytes_max): divide its text among several jobs, or raise that \
            setting, at the broker and here
            """)
    }
}
