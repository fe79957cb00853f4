package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link SyncEngine} and {@link SyncSession}. The implementer writes numbers to the
 * primary's disk, each to a place of its own, and tells which of them an image holds.
 */
public abstract class SyncEngineContract extends SpiContract {
    /** The engine under test. */
    protected abstract SyncEngine engine();

    /**
     * A replication in generation 1 between two instances on two hosts that exist and can be reached; the
     * same in every call of one test, but for mode, policy and generation. Writes time out after one
     * second, the RPO is one second in asynchronous mode. Some rules open it with a shorter write time-out.
     */
    protected abstract SyncSpec spec(SyncMode mode, LinkLossPolicy policy, long generation);

    /** The guest writes the number; the future ends when the guest is told that it is done, or failed. */
    protected abstract Future<?> write(int number) throws Exception;

    /** The numbers that the replica's image holds. */
    protected abstract Set<Integer> onReplica() throws Exception;

    /** Cuts the link between source and target; the manager reaches both. */
    protected abstract void cutLink() throws Exception;

    /** Repairs the link. */
    protected abstract void healLink() throws Exception;

    /** Kills the source's host. */
    protected abstract void killSource() throws Exception;

    /** Kills the target's host. */
    protected abstract void killTarget() throws Exception;

    /** Drops the engine as a crash of the manager does; {@link #engine} then returns a new one. */
    protected abstract void crashAndReopen() throws Exception;

    /** Changes a byte of the replica's image behind the engine's back. */
    protected abstract void corruptReplica() throws Exception;

    /** Whether this engine supports the mode; the rules of a mode that it does not are skipped. */
    protected boolean supports(SyncMode mode) {
        return true;
    }

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration IMPATIENT = Duration.ofMillis(300);

    private SyncSpec asynchronous() {
        assumeTrue(supports(SyncMode.ASYNCHRONOUS), "this engine does not replicate asynchronously");
        return spec(SyncMode.ASYNCHRONOUS, LinkLossPolicy.FALL_BACK, 1);
    }

    private SyncSpec synchronous(LinkLossPolicy policy) {
        assumeTrue(supports(SyncMode.SYNCHRONOUS), "this engine does not replicate synchronously");
        return spec(SyncMode.SYNCHRONOUS, policy, 1);
    }

    /** A synchronous replication with a write time-out that is quickly over. */
    private SyncSpec impatient(LinkLossPolicy policy) {
        SyncSpec spec = synchronous(policy);
        return new SyncSpec(
                spec.vm(),
                spec.source(),
                spec.sourceHost(),
                spec.target(),
                spec.targetHost(),
                spec.generation(),
                spec.method(),
                spec.mode(),
                spec.onLinkLoss(),
                spec.rpo(),
                IMPATIENT);
    }

    private SyncSession open(SyncSpec spec) throws Exception {
        return engine().open(spec, timeout());
    }

    private void reaches(SyncSession session, SyncPhase... phases) throws Exception {
        Set<SyncPhase> wanted = EnumSet.copyOf(List.of(phases));
        eventually(
                "phase is one of " + wanted,
                () -> wanted.contains(session.status().phase()));
    }

    private SyncSession inStep(SyncSpec spec) throws Exception {
        SyncSession session = open(spec);
        session.start(context(1));
        reaches(session, spec.mode() == SyncMode.SYNCHRONOUS ? SyncPhase.SYNCHRONOUS : SyncPhase.ASYNCHRONOUS);
        return session;
    }

    private void acknowledged(int number) throws Exception {
        Future<?> write = write(number);
        eventually("write " + number + " is acknowledged", write::isDone);
        write.get();
    }

    @Test
    void openedSessionCarriesItsSpecAndMovesNothing() throws Exception {
        SyncSession session = open(asynchronous());
        assertThat(session.spec()).isEqualTo(asynchronous());
        assertThat(session.status().phase()).isEqualTo(SyncPhase.OPENED);
    }

    @Test
    void openRepeatedReturnsTheSessionAsItIs() throws Exception {
        inStep(asynchronous());
        assertThat(open(asynchronous()).status().phase()).isEqualTo(SyncPhase.ASYNCHRONOUS);
    }

    @Test
    void openTakesAChangedPolicyOver() throws Exception {
        open(synchronous(LinkLossPolicy.FALL_BACK));
        SyncSession again = open(synchronous(LinkLossPolicy.HOLD_WRITES));
        assertThat(again.spec().onLinkLoss()).isEqualTo(LinkLossPolicy.HOLD_WRITES);
    }

    @Test
    void openFindsTheSessionAfterACrashOfTheManager() throws Exception {
        inStep(asynchronous());
        crashAndReopen();
        SyncSession found = open(asynchronous());
        reaches(found, SyncPhase.ASYNCHRONOUS);
        assertThat(found.status().isPromotable()).isTrue();
    }

    @Test
    void openThatContradictsAnOpenSessionIsRefused() throws Exception {
        SyncSpec spec = asynchronous();
        inStep(spec);
        SyncSpec contradiction = new SyncSpec(
                spec.vm(),
                InstanceId.of("another-source"),
                spec.sourceHost(),
                spec.target(),
                spec.targetHost(),
                spec.generation(),
                spec.method(),
                spec.mode(),
                spec.onLinkLoss(),
                spec.rpo(),
                spec.writeTimeout());
        assertThat(catchThrowable(() -> open(contradiction))).isInstanceOf(SyncException.class);
    }

    @Test
    void engineReturnsTheSessionThatItHolds() throws Exception {
        SyncSpec spec = asynchronous();
        assertThat(engine().session(spec.target())).isEmpty();
        open(spec);
        assertThat(engine().session(spec.target()).map(SyncSession::spec)).contains(spec);
    }

    @Test
    void startedSessionCopiesWhatIsThere() throws Exception {
        acknowledged(1);
        acknowledged(2);
        inStep(asynchronous());
        assertThat(onReplica()).contains(1, 2);
    }

    @Test
    void startRepeatedChangesNothing() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.start(context(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.ASYNCHRONOUS);
    }

    @Test
    void startWithADeadSourceFails() throws Exception {
        SyncSession session = open(asynchronous());
        killSource();
        assertThat(catchThrowable(() -> session.start(context(1, SHORT)))).isInstanceOf(SyncException.class);
    }

    @Test
    void asynchronousWritesReachTheReplicaByThemselves() throws Exception {
        inStep(asynchronous());
        acknowledged(7);
        eventually("write 7 is on the replica", () -> onReplica().contains(7));
    }

    @Test
    void asynchronousWriteIsAcknowledgedWithoutTheReplica() throws Exception {
        inStep(asynchronous());
        cutLink();
        acknowledged(8);
    }

    @Test
    void committedEpochHoldsEveryWriteAcknowledgedBefore() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(3);
        acknowledged(4);
        session.commitEpoch(context(1));
        assertThat(onReplica()).contains(3, 4);
    }

    @Test
    void commitTellsTheEpochThatTheStatusTells() throws Exception {
        SyncSession session = inStep(asynchronous());
        long before = session.status().committedEpoch().orElse(-1);
        acknowledged(3);
        long epoch = session.commitEpoch(context(1));
        assertThat(epoch).isGreaterThan(before);
        eventually(
                "the status tells it", () -> session.status().committedEpoch().orElse(-1) >= epoch);
    }

    @Test
    void commitWithoutALinkFailsWithinItsTimeOut() throws Exception {
        SyncSession session = inStep(asynchronous());
        cutLink();
        acknowledged(5);
        assertEndsWithin(SHORT, () -> session.commitEpoch(context(1, SHORT)));
        assertThat(catchThrowable(() -> session.commitEpoch(context(1, SHORT)))).isInstanceOf(SyncException.class);
    }

    @Test
    void commitOfASessionThatDoesNotRunFails() throws Exception {
        SyncSession session = open(asynchronous());
        assertThat(catchThrowable(() -> session.commitEpoch(context(1, SHORT)))).isInstanceOf(SyncException.class);
    }

    @Test
    void statusTellsTheLagWhileTheLinkIsCut() throws Exception {
        SyncSession session = inStep(asynchronous());
        cutLink();
        acknowledged(6);
        eventually("the lag shows", () -> session.status().lagBytes() > 0);
    }

    @Test
    void interruptedSessionGoesOnByItselfAndForgetsNothing() throws Exception {
        SyncSession session = inStep(asynchronous());
        cutLink();
        acknowledged(9);
        reaches(session, SyncPhase.INTERRUPTED);
        assertThat(session.status().detail()).as("why").isNotBlank();
        healLink();
        eventually("write 9 is on the replica", () -> onReplica().contains(9));
    }

    @Test
    void pausedSessionSendsNothing() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.pause(context(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
        acknowledged(10);
        letPass(Duration.ofSeconds(3));
        assertThat(onReplica()).doesNotContain(10);
    }

    @Test
    void resumedSessionSendsWhatWasHeldBack() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.pause(context(1));
        acknowledged(11);
        session.resume(context(1));
        eventually("write 11 is on the replica", () -> onReplica().contains(11));
    }

    @Test
    void pauseAndResumeRepeatedChangeNothing() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.resume(context(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.ASYNCHRONOUS);
        session.pause(context(1));
        session.pause(context(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
    }

    @Test
    void synchronousWriteIsOnTheReplicaWhenItIsAcknowledged() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.HOLD_WRITES));
        acknowledged(20);
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        assertThat(onReplica()).contains(20);
    }

    @Test
    void fallingBackSessionHoldsWritesUntilTheLossIsRecorded() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.FALL_BACK));
        cutLink();
        Future<?> write = write(21);
        reaches(session, SyncPhase.DEGRADING);
        assertThat(write.isDone()).as("write is done").isFalse();
    }

    @Test
    void recordedLossLetsWritesGoOn() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.FALL_BACK));
        cutLink();
        Future<?> write = write(22);
        reaches(session, SyncPhase.DEGRADING);
        session.acknowledgeDegraded(context(1));
        eventually("the write is acknowledged", write::isDone);
        write.get();
        assertThat(session.status().phase()).isEqualTo(SyncPhase.DEGRADED);
    }

    @Test
    void degradedSessionReturnsToSynchronousAndForgetsNothing() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.FALL_BACK));
        cutLink();
        Future<?> unused = write(23);
        reaches(session, SyncPhase.DEGRADING);
        session.acknowledgeDegraded(context(1));
        healLink();
        reaches(session, SyncPhase.SYNCHRONOUS);
        assertThat(onReplica()).contains(23);
    }

    @Test
    void acknowledgementInAnotherPhaseChangesNothing() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.FALL_BACK));
        session.acknowledgeDegraded(context(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
    }

    @Test
    void holdingSessionFailsWritesAfterTheirTimeOut() throws Exception {
        inStep(synchronous(LinkLossPolicy.HOLD_WRITES));
        cutLink();
        Future<?> write = write(24);
        eventually("the write ends", write::isDone);
        assertThat(catchThrowable(write::get)).as("what the guest is told").isNotNull();
    }

    @Test
    void pausedFallingBackSessionHoldsWritesUntilTheLossIsRecorded() throws Exception {
        SyncSession session = inStep(impatient(LinkLossPolicy.FALL_BACK));
        session.pause(context(1));
        Future<?> write = write(25);
        reaches(session, SyncPhase.DEGRADING);
        letPass(IMPATIENT.multipliedBy(2));
        assertThat(write.isDone()).as("write is done").isFalse();
        assertThat(onReplica()).doesNotContain(25);
    }

    @Test
    void recordedLossLetsWritesOfAPausedSessionGoOn() throws Exception {
        SyncSession session = inStep(impatient(LinkLossPolicy.FALL_BACK));
        session.pause(context(1));
        Future<?> write = write(26);
        reaches(session, SyncPhase.DEGRADING);
        session.acknowledgeDegraded(context(1));
        eventually("the write is acknowledged", write::isDone);
        write.get();
    }

    @Test
    void pausedHoldingSessionFailsWritesAfterTheirTimeOut() throws Exception {
        SyncSession session = inStep(impatient(LinkLossPolicy.HOLD_WRITES));
        session.pause(context(1));
        long begin = nanoTime();
        Future<?> write = write(27);
        eventually("the write ends", write::isDone);
        assertThat(Duration.ofNanos(nanoTime() - begin))
                .as("how long the write waited")
                .isGreaterThanOrEqualTo(IMPATIENT);
        assertThat(catchThrowable(write::get)).as("what the guest is told").isNotNull();
    }

    @Test
    void resumedSynchronousSessionSendsTheWriteThatWaited() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.FALL_BACK));
        session.pause(context(1));
        Future<?> write = write(28);
        session.resume(context(1));
        eventually("the write is acknowledged", write::isDone);
        write.get();
        assertThat(onReplica()).contains(28);
        reaches(session, SyncPhase.SYNCHRONOUS);
    }

    @Test
    void sessionThatBecameAsynchronousIsPausedWithoutHoldingTheGuest() throws Exception {
        inStep(synchronous(LinkLossPolicy.HOLD_WRITES));
        SyncSession session = open(asynchronous());
        session.start(context(1));
        session.pause(context(1));
        acknowledged(29);
    }

    @Test
    void verifiedReplicaIsIdentical() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(30);
        session.commitEpoch(context(1));
        assertThat(session.verify(timeout()).isIdentical()).isTrue();
    }

    @Test
    void verificationFindsAChangedByte() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(31);
        session.commitEpoch(context(1));
        corruptReplica();
        assertThat(session.verify(timeout()).isIdentical()).isFalse();
    }

    @Test
    void verificationWithoutALinkFailsWithinItsTimeOut() throws Exception {
        SyncSession session = inStep(asynchronous());
        cutLink();
        killSource();
        assertEndsWithin(SHORT, () -> session.verify(SHORT));
        assertThat(catchThrowable(() -> session.verify(SHORT))).isInstanceOf(SyncException.class);
    }

    @Test
    void promotionNeedsNoSource() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(40);
        long epoch = session.commitEpoch(context(1));
        killSource();
        Promotion promotion = session.promote(context(2));
        assertThat(promotion.generation()).isEqualTo(Generation.of(2));
        assertThat(promotion.epoch()).isGreaterThanOrEqualTo(epoch);
    }

    @Test
    void promotedReplicaHoldsEveryCommittedWrite() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(41);
        session.commitEpoch(context(1));
        killSource();
        session.promote(context(2));
        assertThat(onReplica()).contains(41);
    }

    @Test
    void synchronousPromotionLosesNothingAcknowledged() throws Exception {
        SyncSession session = inStep(synchronous(LinkLossPolicy.HOLD_WRITES));
        for (int number = 50; number < 60; number++) {
            acknowledged(number);
        }
        killSource();
        session.promote(context(2));
        assertThat(onReplica()).contains(50, 51, 52, 53, 54, 55, 56, 57, 58, 59);
    }

    @Test
    void promotionRepeatedReturnsTheSame() throws Exception {
        SyncSession session = inStep(asynchronous());
        killSource();
        CallContext context = context(2);
        Promotion first = session.promote(context);
        assertThat(session.promote(context)).isEqualTo(first);
        assertThat(session.promote(context(2))).isEqualTo(first);
    }

    @Test
    void promotionFindsItselfAfterACrashOfTheManager() throws Exception {
        SyncSession session = inStep(asynchronous());
        killSource();
        crashAndReopen();
        SyncSession found = open(asynchronous());
        assertThat(found.promote(context(2)).generation()).isEqualTo(Generation.of(2));
        assertThat(session.spec()).isEqualTo(found.spec());
    }

    @Test
    void promotionToTheSessionsOwnGenerationIsRefused() throws Exception {
        SyncSession session = inStep(asynchronous());
        assertThat(catchThrowable(() -> session.promote(context(1))))
                .as("what promote throws")
                .isNotNull();
        assertThat(session.promote(context(2)).generation()).isEqualTo(Generation.of(2));
    }

    @Test
    void promotionBelowAPromotedGenerationIsRefused() throws Exception {
        SyncSession session = inStep(asynchronous());
        killSource();
        session.promote(context(5));
        assertStale(4, () -> session.promote(context(4)));
    }

    @Test
    void promotionWithoutACommittedEpochFails() throws Exception {
        SyncSession session = open(asynchronous());
        assertThat(catchThrowable(() -> session.promote(context(2, SHORT)))).isInstanceOf(SyncException.class);
    }

    @Test
    void promotionOfADeadTargetFails() throws Exception {
        SyncSession session = inStep(asynchronous());
        killTarget();
        assertThat(catchThrowable(() -> session.promote(context(2, SHORT)))).isInstanceOf(SyncException.class);
    }

    @Test
    void promotedReplicaRefusesItsOldSource() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.promote(context(2));
        Future<?> unused = write(42);
        letPass(Duration.ofSeconds(3));
        assertThat(onReplica()).doesNotContain(42);
    }

    @Test
    void sessionOfAPromotedReplicaSaysSo() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.promote(context(2));
        reaches(session, SyncPhase.PROMOTED);
    }

    @Test
    void sessionOfAnOlderGenerationIsNotOpenedAfterAPromotion() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.promote(context(2));
        session.close();
        assertStale(1, () -> open(asynchronous()));
    }

    @Test
    void deliversEveryChangeOfPhase() throws Exception {
        List<SyncPhase> heard = new CopyOnWriteArrayList<>();
        SyncSession session = open(asynchronous());
        session.subscribe(status -> heard.add(status.phase()));
        session.start(context(1));
        reaches(session, SyncPhase.ASYNCHRONOUS);
        session.pause(context(1));
        eventually("the pause is delivered", () -> heard.contains(SyncPhase.PAUSED));
        assertThat(heard).contains(SyncPhase.ASYNCHRONOUS);
    }

    @Test
    void closedSubscriptionHearsNothing() throws Exception {
        List<SyncStatus> heard = new CopyOnWriteArrayList<>();
        List<SyncStatus> witness = new CopyOnWriteArrayList<>();
        SyncSession session = open(asynchronous());
        Subscription subscription = session.subscribe(heard::add);
        subscription.close();
        session.subscribe(witness::add);
        session.start(context(1));
        eventually("the witness hears", () -> !witness.isEmpty());
        assertThat(heard).isEmpty();
    }

    @Test
    void closedSessionIsForgottenAndLeavesTheReplica() throws Exception {
        SyncSession session = inStep(asynchronous());
        acknowledged(60);
        session.commitEpoch(context(1));
        session.close();
        session.close();
        assertThat(engine().session(asynchronous().target())).isEmpty();
        assertThat(onReplica()).contains(60);
    }

    @Test
    void statusOfAClosedSessionStillAnswers() throws Exception {
        SyncSession session = inStep(asynchronous());
        session.close();
        assertThat(session.status().phase()).isEqualTo(SyncPhase.CLOSED);
    }
}
