package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.failingFromCall;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.tck.contract.FakeSyncEngineTest.Data;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import dev.shadow.tck.fake.FakeDisks;
import dev.shadow.tck.fake.WrongDisks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A wrong engine for every rule. */
final class SyncEngineMutants {
    private static final VerifyReport IDENTICAL = new VerifyReport(1, 0, List.of());
    private static final VerifyReport DIFFERENT = new VerifyReport(1, 1, List.of(new VerifyReport.ByteRange(0, 1)));

    private SyncEngineMutants() {}

    private static Mutant engine(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, SyncEngine.class, method, mistake);
    }

    private static Mutant session(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, SyncSession.class, method, mistake);
    }

    private static SyncSession opened(Call call) throws Throwable {
        return (SyncSession) Objects.requireNonNull(call.proceed());
    }

    private static final InstanceId SOURCE = InstanceId.of("source");
    private static final InstanceId TARGET = InstanceId.of("target");

    private static FakeDisks disks(Call call) {
        return (FakeDisks) Objects.requireNonNull(call.memory().get("disk.disks"));
    }

    /** One block is never marked dirty: its writes reach the primary's disk and are acknowledged, no more. */
    @SuppressWarnings("FutureReturnValueIgnored") // the future is the answer of the proxy
    private static Mutant losing(int number, String rule) {
        return Mutant.of(rule, Data.class, "write", call -> {
            if (!call.args()[0].equals(number)) {
                return call.proceed();
            }
            WrongDisks.write(disks(call), SOURCE, number);
            return atOnce();
        });
    }

    /** One block's writes reach the replica whatever the session says. */
    private static Mutant leaking(int number, String rule) {
        return Mutant.of(rule, Data.class, "write", call -> {
            if (call.args()[0].equals(number)) {
                WrongDisks.write(disks(call), TARGET, number);
            }
            return call.proceed();
        });
    }

    /** One block's writes are acknowledged at once, or never. */
    private static Mutant acknowledging(int number, CompletableFuture<@Nullable Void> instead, String rule) {
        return Mutant.of(rule, Data.class, "write", call -> {
            Object real = call.proceed();
            return call.args()[0].equals(number) ? instead : real;
        });
    }

    /** The record of a loss has no effect on some sessions. */
    private static Mutant deafToTheRecord(String rule, Predicate<Call> deaf) {
        return Mutant.of(rule, SyncSession.class, List.of("pause", "acknowledgeDegraded"), call -> {
            if (call.is("acknowledgeDegraded")) {
                return deaf.test(call) ? null : call.proceed();
            }
            boolean unused = call.first("paused");
            return call.proceed();
        });
    }

    private static CompletableFuture<@Nullable Void> atOnce() {
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<@Nullable Void> failedAtOnce() {
        return CompletableFuture.failedFuture(new IOException("the session is paused"));
    }

    private static Mistake status(UnaryOperator<SyncStatus> change) {
        return call -> change.apply((SyncStatus) Objects.requireNonNull(call.proceed()));
    }

    private static SyncStatus like(SyncStatus it, SyncPhase phase, long lagBytes) {
        return new SyncStatus(
                phase,
                it.generation(),
                it.committedEpoch(),
                it.committedAt(),
                lagBytes,
                it.lag(),
                it.bytesPerSecond(),
                it.eta(),
                it.sentBytes(),
                it.observedAt(),
                it.detail());
    }

    private static Mistake claiming(SyncPhase instead, SyncPhase of) {
        return status(it -> it.phase() == of ? like(it, instead, it.lagBytes()) : it);
    }

    private static Mistake verifying(boolean whenIdentical, VerifyReport instead) {
        return call -> {
            VerifyReport report = (VerifyReport) Objects.requireNonNull(call.proceed());
            return report.isIdentical() == whenIdentical ? instead : report;
        };
    }

    @SuppressWarnings("unchecked")
    private static Consumer<SyncStatus> listener(Call call) {
        return (Consumer<SyncStatus>) call.args()[0];
    }

    private static Promotion promotion(Call call) throws Throwable {
        return (Promotion) Objects.requireNonNull(call.proceed());
    }

    /** Forgets the session that is there and opens a new one. */
    private static Object anew(Call call) throws Throwable {
        opened(call).close();
        return opened(call);
    }

    static List<Mutant> all() {
        return List.of(
                session(
                        "status",
                        "openedSessionCarriesItsSpecAndMovesNothing",
                        claiming(SyncPhase.PAUSED, SyncPhase.OPENED)),
                engine("open", "openRepeatedReturnsTheSessionAsItIs", call -> {
                    boolean again = !call.first("opened " + call.args()[0]) && !call.said("promoted");
                    return again && !call.crashed() && opened(call).status().phase() == SyncPhase.ASYNCHRONOUS
                            ? anew(call)
                            : call.proceed();
                }),
                engine("open", "openTakesAChangedPolicyOver", call -> {
                    SyncSpec first = (SyncSpec) call.memory().putIfAbsent("spec", call.args()[0]);
                    SyncSpec now = call.arg(0, SyncSpec.class);
                    boolean same = first != null && first.source().equals(now.source()) && first.mode() == now.mode();
                    return same ? call.with(0, Objects.requireNonNull(first)) : call.proceed();
                }),
                engine(
                        "open",
                        "openFindsTheSessionAfterACrashOfTheManager",
                        call -> call.crashed() ? anew(call) : call.proceed()),
                engine("open", "openThatContradictsAnOpenSessionIsRefused", swallowing("another spec", null)),
                engine("session", "engineReturnsTheSessionThatItHolds", call -> Optional.empty()),
                session("start", "startedSessionCopiesWhatIsThere", call -> {
                    WrongDisks.wipe(disks(call), SOURCE);
                    return call.proceed();
                }),
                session("start", "startRepeatedChangesNothing", call -> {
                    SyncSpec spec = ((SyncSession) call.target()).spec();
                    if (!call.first("started " + spec)) {
                        throw new IllegalStateException("started already");
                    }
                    return call.proceed();
                }),
                session("start", "startWithADeadSourceFails", swallowing("did not answer", null)),
                losing(7, "asynchronousWritesReachTheReplicaByThemselves"),
                acknowledging(8, new CompletableFuture<>(), "asynchronousWriteIsAcknowledgedWithoutTheReplica"),
                losing(3, "committedEpochHoldsEveryWriteAcknowledgedBefore"),
                session("commitEpoch", "commitTellsTheEpochThatTheStatusTells", Mutant.thenAnswering(0L)),
                session(
                        "commitEpoch",
                        "commitWithoutALinkFailsWithinItsTimeOut",
                        swallowing("was not committed within", 0L)),
                session("commitEpoch", "commitOfASessionThatDoesNotRunFails", swallowing("not running", 0L)),
                session("status", "statusTellsTheLagWhileTheLinkIsCut", status(it -> like(it, it.phase(), 0))),
                losing(9, "interruptedSessionGoesOnByItselfAndForgetsNothing"),
                leaking(10, "pausedSessionSendsNothing"),
                losing(11, "resumedSessionSendsWhatWasHeldBack"),
                session("pause", "pauseAndResumeRepeatedChangeNothing", failingFromCall(2)),
                losing(20, "synchronousWriteIsOnTheReplicaWhenItIsAcknowledged"),
                acknowledging(21, atOnce(), "fallingBackSessionHoldsWritesUntilTheLossIsRecorded"),
                deafToTheRecord("recordedLossLetsWritesGoOn", call -> !call.said("paused")),
                losing(23, "degradedSessionReturnsToSynchronousAndForgetsNothing"),
                session("acknowledgeDegraded", "acknowledgementInAnotherPhaseChangesNothing", call -> {
                    SyncSession target = (SyncSession) call.target();
                    if (target.status().phase() != SyncPhase.DEGRADING) {
                        target.pause(call.context());
                    }
                    return call.proceed();
                }),
                acknowledging(24, atOnce(), "holdingSessionFailsWritesAfterTheirTimeOut"),
                acknowledging(25, atOnce(), "pausedFallingBackSessionHoldsWritesUntilTheLossIsRecorded"),
                leaking(25, "pausedFallingBackSessionHoldsWritesUntilTheLossIsRecorded"),
                deafToTheRecord("recordedLossLetsWritesOfAPausedSessionGoOn", call -> call.said("paused")),
                acknowledging(27, atOnce(), "pausedHoldingSessionFailsWritesAfterTheirTimeOut"),
                acknowledging(27, failedAtOnce(), "pausedHoldingSessionFailsWritesAfterTheirTimeOut"),
                acknowledging(27, new CompletableFuture<>(), "pausedHoldingSessionFailsWritesAfterTheirTimeOut"),
                losing(28, "resumedSynchronousSessionSendsTheWriteThatWaited"),
                acknowledging(28, new CompletableFuture<>(), "resumedSynchronousSessionSendsTheWriteThatWaited"),
                acknowledging(
                        29, new CompletableFuture<>(), "sessionThatBecameAsynchronousIsPausedWithoutHoldingTheGuest"),
                session("verify", "verifiedReplicaIsIdentical", verifying(true, DIFFERENT)),
                session("verify", "verificationFindsAChangedByte", verifying(false, IDENTICAL)),
                session(
                        "verify",
                        "verificationWithoutALinkFailsWithinItsTimeOut",
                        swallowing("could not be read", IDENTICAL)),
                session("promote", "promotionNeedsNoSource", call -> {
                    Promotion it = promotion(call);
                    return new Promotion(it.generation(), 0, Instant.EPOCH, 0);
                }),
                losing(41, "promotedReplicaHoldsEveryCommittedWrite"),
                losing(55, "synchronousPromotionLosesNothingAcknowledged"),
                session("promote", "promotionRepeatedReturnsTheSame", call -> {
                    if (!call.first("promoted to " + call.context().generation())) {
                        throw new IllegalStateException("it was promoted");
                    }
                    return call.proceed();
                }),
                session("promote", "promotionFindsItselfAfterACrashOfTheManager", call -> {
                    if (call.crashed()) {
                        throw new IllegalStateException("no such session");
                    }
                    return call.proceed();
                }),
                session(
                        "promote",
                        "promotionToTheSessionsOwnGenerationIsRefused",
                        swallowing("be above the session's", null)),
                session("promote", "promotionBelowAPromotedGenerationIsRefused", Mutant.ignoringGenerations()),
                session(
                        "promote",
                        "promotionWithoutACommittedEpochFails",
                        swallowing("holds no committed epoch", null)),
                session("promote", "promotionOfADeadTargetFails", swallowing("did not answer", null)),
                leaking(42, "promotedReplicaRefusesItsOldSource"),
                session(
                        "status",
                        "sessionOfAPromotedReplicaSaysSo",
                        claiming(SyncPhase.ASYNCHRONOUS, SyncPhase.PROMOTED)),
                engine("open", "sessionOfAnOlderGenerationIsNotOpenedAfterAPromotion", call -> {
                    try {
                        return call.proceed();
                    } catch (StaleGenerationException e) {
                        return null;
                    }
                }),
                session("subscribe", "deliversEveryChangeOfPhase", call -> {
                    Consumer<SyncStatus> listener = listener(call);
                    Consumer<SyncStatus> deaf = status -> {
                        if (status.phase() != SyncPhase.PAUSED) {
                            listener.accept(status);
                        }
                    };
                    return call.with(0, deaf);
                }),
                session("subscribe", "closedSubscriptionHearsNothing", Mutant.thenAnswering((Subscription) () -> {})),
                session("close", "closedSessionIsForgottenAndLeavesTheReplica", call -> {
                    WrongDisks.wipe(disks(call), TARGET);
                    return call.proceed();
                }),
                session("status", "statusOfAClosedSessionStillAnswers", call -> {
                    SyncStatus it = (SyncStatus) Objects.requireNonNull(call.proceed());
                    if (it.phase() == SyncPhase.CLOSED) {
                        throw new IllegalStateException("closed");
                    }
                    return it;
                }));
    }
}
