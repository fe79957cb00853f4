package dev.shadow.examples.drill;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.sync.ReplicaStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is made of a drill once it is over: the data check, and the times that were measured. */
final class Verdict {
    private final DrillPlan plan;
    private final Cast cast;
    private final EventDesk desk;
    private final Instant crossesAt;

    Verdict(DrillPlan plan, Cast cast, EventDesk desk, Instant crossesAt) {
        this.plan = plan;
        this.cast = cast;
        this.desk = desk;
        this.crossesAt = crossesAt;
    }

    /**
     * The kill.
     *
     * @param at when, on the clock of the wall
     * @param nanos when, on the monotonic clock of the load
     * @param failover what failover followed
     */
    record Kill(Instant at, long nanos, Optional<FailoverReport> failover) {}

    /** Reads everything back and sums up. */
    DrillReport check(LoadGenerator load, Endpoint service, Kill kill, Narrator narrator)
            throws IOException, SpiException, DrillException {
        List<AcknowledgedWrite> writes = load.acknowledged();
        narrator.say("check", "every one of " + writes.size() + " acknowledged writes is read back");
        Optional<DataCheck.Promoted> promoted = Optional.empty();
        if (kill.failover().isPresent()) {
            promoted = Optional.of(
                    promoted(kill.failover().get(), kill.failover().get().to().orElseThrow()));
        }
        DataCheck.Result result = DataCheck.run(service, plan, writes, promoted);
        List<String> violations = new ArrayList<>(result.violations());
        violations.addAll(load.violations());
        if (writes.isEmpty()) {
            violations.add("no write was acknowledged, so nothing was checked");
        }
        boolean synchronous = plan.mode() == SyncMode.SYNCHRONOUS;
        if (synchronous && result.lost() > 0 && violations.isEmpty()) {
            violations.add(result.lost() + " acknowledged writes are lost in synchronous mode");
        }
        boolean holds = violations.isEmpty();
        double rpo = result.oldestLostNanos().isEmpty()
                ? 0
                : DrillReport.millis(Duration.ofNanos(
                        failedAt(writes, kill) - result.oldestLostNanos().getAsLong()));
        EventDesk.Times times = desk.times();
        return new DrillReport(
                plan.mode().name().toLowerCase(Locale.ROOT),
                plan.victim().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                plan.seed(),
                holds,
                verdict(holds, result, promoted),
                times.predicted().map(predicted -> DrillReport.millis(Duration.between(predicted, crossesAt))),
                times.standby().map(standby -> DrillReport.millis(Duration.between(standby, crossesAt))),
                times.standby()
                        .flatMap(standby ->
                                times.decided().map(decided -> DrillReport.millis(Duration.between(decided, standby)))),
                failover(kill, promoted),
                kill.failover().isPresent() ? outage(writes, kill) : Optional.empty(),
                result.checked(),
                load.reads(),
                result.lost(),
                result.lostBytes(),
                rpo,
                violations);
    }

    private DataCheck.Promoted promoted(FailoverReport report, HostId host) throws SpiException, DrillException {
        ReplicaStatus replica = cast.agents()
                .replica(host, InstanceId.of(desk.activated()), Duration.ofSeconds(5))
                .orElseThrow(() -> new DrillException("host " + host + " does not know the replica that it promoted"));
        return new DataCheck.Promoted(
                Generation.of(report.generation().value() - 1),
                report.generation(),
                replica.writeNumber(),
                report.everyAcknowledgedWriteKept() || plan.mode() == SyncMode.SYNCHRONOUS);
    }

    private static String verdict(boolean holds, DataCheck.Result result, Optional<DataCheck.Promoted> promoted) {
        if (!holds) {
            return "see below";
        }
        if (promoted.isEmpty() || result.lost() == 0) {
            return "every acknowledged write is there, unchanged";
        }
        return "lost are exactly the writes after the promoted epoch, the others are unchanged";
    }

    private static Optional<DrillReport.Failover> failover(Kill kill, Optional<DataCheck.Promoted> promoted) {
        return kill.failover()
                .map(report -> new DrillReport.Failover(
                        report.from().value(),
                        report.to().map(HostId::value).orElse("none"),
                        report.generation().value(),
                        report.reason().equals("ordered"),
                        DrillReport.millis(Duration.between(kill.at(), report.detectedAt())),
                        DrillReport.millis(report.rto()),
                        DrillReport.steps(report),
                        report.fence()
                                .map(fence -> fence.confirmedBy() + ": " + fence.evidence())
                                .orElse("nobody"),
                        report.promotion().map(promotion -> promotion.epoch()).orElse(-1L),
                        promoted.map(DataCheck.Promoted::lastWrite).orElse(-1L),
                        report.everyAcknowledgedWriteKept()));
    }

    /** The kill, or the old primary's last acknowledgement, which may come a little after the order to kill. */
    private static long failedAt(List<AcknowledgedWrite> writes, Kill kill) {
        return writes.stream()
                .filter(write -> kill.failover().isPresent()
                        && write.generation().isOlderThan(kill.failover().get().generation()))
                .mapToLong(AcknowledgedWrite::atNanos)
                .reduce(kill.nanos(), Math::max);
    }

    /** The longest time between two acknowledgements, of whichever clients, from the kill on. */
    private static Optional<Double> outage(List<AcknowledgedWrite> writes, Kill kill) {
        long[] times =
                writes.stream().mapToLong(AcknowledgedWrite::atNanos).sorted().toArray();
        long longest = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] - kill.nanos() >= 0) {
                longest = Math.max(longest, times[i] - times[i - 1]);
            }
        }
        return longest == 0 ? Optional.empty() : Optional.of(DrillReport.millis(Duration.ofNanos(longest)));
    }
}
