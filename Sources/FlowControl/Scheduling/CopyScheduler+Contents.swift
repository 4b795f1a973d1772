internal import DequeModule

extension CopyScheduler {
    /// A part of a batch of which no object was handed out yet.
    struct Piece: Sendable {
        let batch: Int
        var next: Int
        var end: Int
        /// The objects below belong to no region, as the regions were at a version.
        var clearUntil = 0
        var version = -1
    }

    struct Batch: Sendable {
        var content: any PacedBatch
        var unfinished: Int
        /// How much was throttled of its objects that belong to no region.
        var share = ThrottledShare()
        var hasTaughtFolder = false
        /// What went well since the regions had a version.
        var well = (version: 0, count: 0)
        /// Answers since its region was last looked at.
        var period = (region: -1, look: 0, answers: 0, throttled: 0)
    }

    struct Waiting: Sendable, Comparable {
        let due: Duration
        let batch: Int
        let index: Int
        let attempt: Int
        /// What the attempt takes from the budget: nothing after throttling.
        let cost: Cost

        enum Cost: Sendable { case none, ordinary, timeout }

        static func < (left: Waiting, right: Waiting) -> Bool { left.due < right.due }

        static func == (left: Waiting, right: Waiting) -> Bool { left.due == right.due }
    }

    struct Lane: Sendable {
        var again: Deque<Waiting> = []
        var pieces: Deque<Piece> = []
        var isEmpty: Bool { again.isEmpty && pieces.isEmpty }
    }
}
