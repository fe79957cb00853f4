package dev.shadow.examples.drill;

import dev.shadow.core.json.ShadowJson;
import dev.shadow.examples.process.Trace;
import dev.shadow.examples.process.command.ManagerCommand;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.Tier;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** One drill from the first process to the data check. Runs once. */
final class Drill {
    private static final String RECORDING = "cpu-load.csv";
    private static final double THRESHOLD_PERCENT = 30;
    private static final int LOOK_AHEAD_SAMPLES = 12;
    private static final int LEAD_IN_SAMPLES = 24;
    private static final Duration LEAD_IN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration CUT = Duration.ofSeconds(2);
    private static final Duration OPERATOR = Duration.ofSeconds(3);
    private static final Duration ABSENCE = Duration.ofSeconds(3);

    private final DrillPlan plan;
    private final Path directory;
    private final Cast cast;
    private final Narrator narrator;
    private final EventDesk desk;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final double[] trace;

    private boolean refusalTold;

    private Drill(DrillPlan plan, Path directory, Cast cast, Narrator narrator, InstantSource clock, LongSupplier nanos)
            throws IOException {
        this.plan = plan;
        this.directory = directory;
        this.cast = cast;
        this.narrator = narrator;
        this.desk = new EventDesk(narrator, nanos);
        this.clock = clock;
        this.nanos = nanos;
        Trace.copyTo(directory.resolve(RECORDING));
        this.trace = Trace.read(directory.resolve(RECORDING));
    }

    /**
     * Carries a drill out.
     *
     * @param cast who takes part; the caller closes it
     * @throws DrillException if the drill could not be carried out to the end
     */
    static DrillReport run(
            DrillPlan plan, Path directory, Cast cast, Narrator narrator, InstantSource clock, LongSupplier nanos)
            throws IOException, InterruptedException, SpiException, DrillException {
        return new Drill(plan, directory, cast, narrator, clock, nanos).run();
    }

    private DrillReport run() throws IOException, InterruptedException, SpiException, DrillException {
        cast.startHosts();
        narrator.say("hosts", "a1 and a2 in zone a, b1 in zone b, each a process of its own");
        Endpoint service = cast.startPrimary();
        narrator.say("vm", Cast.VM + " serves on host " + Cast.SOURCE + "; its clients connect to " + service);
        try (LoadGenerator load = LoadGenerator.start(service, plan, nanos)) {
            narrator.say(
                    "clients", plan.clients() + " clients write and read, " + plan.valueBytes() + " bytes a value");
            int crossing = Trace.crossing(trace, trace.length - Trace.SAMPLES_PER_DAY, THRESHOLD_PERCENT);
            Instant crossesAt = clock.instant().plus(LEAD_IN).plus(plan.step().multipliedBy(LEAD_IN_SAMPLES));
            Path settings = writeSettings(crossesAt.minus(plan.step().multipliedBy(crossing)));
            startManager(settings, 1);
            awaitShadow(load, crossesAt);
            watch(load, Duration.between(clock.instant(), crossesAt));
            reportCrossing(crossesAt, trace[crossing]);
            if (plan.cutLink()) {
                cutLink(load);
            }
            watch(load, plan.loadBeforeKill());
            if (plan.victim() == DrillPlan.Victim.MANAGER) {
                replaceManager(load, settings);
            }
            if (plan.victim() != DrillPlan.Victim.NONE) {
                requireLoad(load);
            }
            Verdict.Kill kill = kill(load);
            watch(load, plan.loadAfterKill());
            load.stop();
            tellRefusal(load);
            return new Verdict(plan, cast, desk, crossesAt).check(load, service, kill, narrator);
        }
    }

    private Path writeSettings(Instant origin) throws IOException {
        Path file = directory.resolve("manager.json");
        Path fleet = directory.resolve("fleet.json");
        Files.writeString(fleet, Json.pretty(cast.fleet()));
        ManagerCommand.Settings settings = new ManagerCommand.Settings(
                fleet.toString(),
                ShadowJson.write(profile()),
                directory.resolve(RECORDING).toString(),
                origin,
                plan.step(),
                directory.resolve("manager").toString(),
                Duration.ofSeconds(plan.onLinkLoss() == LinkLossPolicy.HOLD_WRITES ? 10 : 1),
                plan.seed());
        Files.writeString(file, Json.pretty(settings));
        return file;
    }

    /** One shadow in another zone, wanted once an hour of the recording ahead the load may pass the threshold. */
    private PlacementProfile profile() {
        Trigger ahead = new Trigger.Predictive(
                TriggerSignal.CPU,
                THRESHOLD_PERCENT,
                Direction.ABOVE,
                0.5,
                plan.step().multipliedBy(LOOK_AHEAD_SAMPLES),
                5,
                Duration.ofMinutes(10));
        PlacementProfile.Builder builder = PlacementProfile.builder(Cast.VM)
                .shadows(1, Tier.ZONE)
                .triggers(List.of(ahead))
                .rto(Duration.ofSeconds(5))
                .oldPrimary(OldPrimary.KEEP);
        return plan.mode() == SyncMode.SYNCHRONOUS
                ? builder.synchronous(plan.onLinkLoss()).build()
                : builder.asynchronous(plan.rpo()).build();
    }

    private void startManager(Path settings, int starts) throws IOException, InterruptedException, DrillException {
        ManagerProcess manager = cast.startManager(settings, desk::take);
        narrator.say("manager", "started, process " + manager.pid());
        require(
                desk.await(PATIENCE, seen -> seen.managerStarts >= starts),
                "the manager did not start; see " + directory.resolve("manager.log"));
    }

    private void awaitShadow(LoadGenerator load, Instant crossesAt) throws InterruptedException, DrillException {
        narrator.say(
                "trace",
                String.format(
                        Locale.ROOT,
                        "the recorded CPU load of a real machine is replayed, 5 minutes in %d ms; day 8 begins to rise in %.1f s",
                        plan.step().toMillis(),
                        Duration.between(clock.instant(), crossesAt).toMillis() / 1000.0));
        String wanted = plan.mode() == SyncMode.SYNCHRONOUS ? "SYNCHRONOUS" : "ASYNCHRONOUS";
        Duration untilRise = Duration.between(clock.instant(), crossesAt);
        Duration patience = untilRise.isNegative() ? PATIENCE : PATIENCE.plus(untilRise);
        boolean ready = awaitTelling(load, patience, seen -> seen.state.equals("STANDBY") && seen.phase.equals(wanted));
        require(ready, "no shadow was ready within " + patience.toSeconds() + " s" + lastProblem());
    }

    private void reportCrossing(Instant crossesAt, double percent) {
        Optional<Duration> lead = desk.times().standby().map(standby -> Duration.between(standby, crossesAt));
        String ready = lead.map(ahead -> String.format(
                        Locale.ROOT,
                        "ready %.1f s %s",
                        Math.abs(ahead.toMillis()) / 1000.0,
                        ahead.isNegative() ? "too late" : "before"))
                .orElse("not ready");
        narrator.say(
                "trace",
                String.format(
                        Locale.ROOT,
                        "CPU load is at %.1f %% now, above %.0f %%; the shadow was %s",
                        percent,
                        THRESHOLD_PERCENT,
                        ready));
    }

    private void cutLink(LoadGenerator load) throws InterruptedException, DrillException {
        narrator.say("link", "the replication link to host " + Cast.TARGET + " is CUT");
        cast.link().cut();
        watch(load, CUT);
        cast.link().mend();
        narrator.say("link", "the replication link is mended");
        String wanted = plan.mode() == SyncMode.SYNCHRONOUS ? "SYNCHRONOUS" : "ASYNCHRONOUS";
        boolean back = awaitTelling(load, PATIENCE, seen -> seen.phase.equals(wanted) && seen.state.equals("STANDBY"));
        require(back, "the replication did not recover from the cut within " + PATIENCE.toSeconds() + " s");
    }

    private void replaceManager(LoadGenerator load, Path settings)
            throws IOException, InterruptedException, DrillException {
        String before = desk.replica();
        ManagerProcess old = cast.manager();
        narrator.say("kill", "SIGKILL to the manager, process " + old.pid());
        old.kill();
        watch(load, Duration.ofSeconds(1));
        startManager(settings, desk.managerStarts() + 1);
        watch(load, Duration.ofSeconds(2));
        require(
                desk.replica().equals(before),
                "the new manager follows shadow " + desk.replica() + " instead of " + before);
        narrator.say("manager", "goes on with shadow " + before + "; nothing was made twice");
    }

    private String lastProblem() {
        String problem = desk.lastProblem();
        return (problem.isEmpty() ? "" : ", the manager's last problem: " + problem) + "; see "
                + directory.resolve("manager.log");
    }

    private static void requireLoad(LoadGenerator load) throws DrillException {
        Optional<String> refusal = load.refusal();
        require(
                refusal.isEmpty(),
                "the clients stopped before the kill, so that nothing would be under load: " + refusal.orElse("")
                        + "; give a larger --disk-size, or fewer --writes-per-second or --value-bytes");
    }

    private Verdict.Kill kill(LoadGenerator load) throws IOException, InterruptedException, DrillException {
        Instant at = clock.instant();
        long atNanos = nanos.getAsLong();
        switch (plan.victim()) {
            case SOURCE_HOST, MANAGER -> {
                narrator.say(
                        "kill",
                        "SIGKILL to host " + Cast.SOURCE + " and its virtual machine, after " + load.writes()
                                + " acknowledged writes");
                at = clock.instant();
                atNanos = nanos.getAsLong();
                cast.host(Cast.SOURCE).cutPower();
            }
            case SOURCE_VM -> {
                narrator.say(
                        "kill",
                        "SIGKILL to the virtual machine's process, after " + load.writes() + " acknowledged writes");
                at = clock.instant();
                atNanos = nanos.getAsLong();
                ProcessHandle.of(cast.primaryProcess().pid()).ifPresent(ProcessHandle::destroyForcibly);
                if (!desk.await(OPERATOR, seen -> seen.failoversStarted > 0)) {
                    narrator.say("operator", "orders a failover");
                    cast.manager().failover();
                }
            }
            case TARGET_HOST -> loseTarget(load);
            case NONE -> narrator.say("kill", "nothing is killed");
        }
        if (!plan.victim().leadsToFailover()) {
            return new Verdict.Kill(at, atNanos, Optional.empty());
        }
        boolean done = awaitTelling(load, PATIENCE, seen -> seen.failover != null && !seen.activated.isEmpty());
        require(done, "no failover succeeded within " + PATIENCE.toSeconds() + " s" + lastProblem());
        return new Verdict.Kill(at, atNanos, desk.failover());
    }

    private void loseTarget(LoadGenerator load) throws IOException, InterruptedException, DrillException {
        narrator.say("kill", "SIGKILL to host " + Cast.TARGET + ", which holds the shadow");
        cast.host(Cast.TARGET).cutPower();
        watch(load, ABSENCE);
        narrator.say("hosts", Cast.TARGET + " comes back");
        cast.restartHost(Cast.TARGET);
        String wanted = plan.mode() == SyncMode.SYNCHRONOUS ? "SYNCHRONOUS" : "ASYNCHRONOUS";
        boolean back = awaitTelling(load, PATIENCE, seen -> seen.phase.equals(wanted) && seen.state.equals("STANDBY"));
        require(back, "the shadow did not come back within " + PATIENCE.toSeconds() + " s");
    }

    /** Lets time pass, and tells now and then how it goes. */
    private void watch(LoadGenerator load, Duration duration) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = nanos.getAsLong() + duration.toNanos();
        for (long left = end - nanos.getAsLong(); left > 0; left = end - nanos.getAsLong()) {
            boolean ticks = left >= TICK.toNanos();
            if (never.await(Math.min(left, TICK.toNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
            if (ticks) {
                tick(load);
            }
        }
    }

    private boolean awaitTelling(LoadGenerator load, Duration timeout, Predicate<EventDesk.Seen> condition)
            throws InterruptedException {
        long end = nanos.getAsLong() + timeout.toNanos();
        while (!desk.await(TICK, condition)) {
            if (nanos.getAsLong() - end >= 0) {
                return false;
            }
            tick(load);
        }
        return true;
    }

    private void tellRefusal(LoadGenerator load) {
        if (!refusalTold && load.refusal().isPresent()) {
            refusalTold = true;
            narrator.say("clients", "stopped: " + load.refusal().get());
        }
    }

    private void tick(LoadGenerator load) {
        tellRefusal(load);
        narrator.say(
                "clients",
                String.format(
                        Locale.ROOT,
                        "%,d writes acknowledged, %,d reads%s",
                        load.writes(),
                        load.reads(),
                        desk.standing()));
    }

    private static void require(boolean condition, String otherwise) throws DrillException {
        if (!condition) {
            throw new DrillException(otherwise);
        }
    }
}
