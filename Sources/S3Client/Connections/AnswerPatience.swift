/// How long an answer may take.
struct AnswerPatience: Sendable, Hashable {
    /// How long nothing at all may come.
    var silence: Duration
    /// How long it may take in all, however steadily it drips.
    var total: Duration
}
