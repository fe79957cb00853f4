package dev.shadow.core.internal;

import dev.shadow.core.internal.document.TriggerMemory;
import dev.shadow.core.trigger.ForecastTrial;
import dev.shadow.core.trigger.TriggerMachine;
import dev.shadow.spi.VmId;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.ForecastUse;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Evaluates the triggers of one virtual machine. Owned by the work on that machine. */
final class TriggerDesk {
    private static final int MOST_STEPS = 10_000;

    private final Parts parts;
    private final VmId vm;
    private final Map<TriggerSignal, Fitted> models = new EnumMap<>(TriggerSignal.class);
    private final ForecastProof proof;
    private Optional<Instant> evaluatedAt = Optional.empty();
    private List<Trigger> evaluated = List.of();

    TriggerDesk(Parts parts, VmId vm) {
        this.parts = parts;
        this.vm = vm;
        this.proof = new ForecastProof(parts.config().accuracyGate());
    }

    /** A model and the end of the series that it has seen. */
    private record Fitted(
            ForecastModel model, Instant fittedAt, Instant seriesEnd, Instant newestSample, Duration step) {}

    /** Evaluates if it is time to, and says whether shadows are wanted. */
    boolean areShadowsWanted(VmContext context, PlacementProfile profile, Optional<Long> diskBytes) {
        if (profile.triggers().isEmpty()) {
            context.state.triggers.clear();
            return true;
        }
        Instant now = context.now();
        boolean due = evaluatedAt
                .map(at -> !now.isBefore(at.plus(parts.config().metricRefresh())))
                .orElse(true);
        if (due || !evaluated.equals(profile.triggers())) {
            evaluatedAt = Optional.of(now);
            evaluated = profile.triggers();
            proof.keepOnly(evaluated);
            evaluate(context, profile, diskBytes, now);
        }
        return context.state.triggers.stream().anyMatch(TriggerMemory::fired);
    }

    private void evaluate(VmContext context, PlacementProfile profile, Optional<Long> diskBytes, Instant now) {
        List<TriggerMemory> before = List.copyOf(context.state.triggers);
        List<TriggerMemory> after = new ArrayList<>();
        for (Trigger trigger : profile.triggers()) {
            TriggerMemory memory = before.stream()
                    .filter(m -> m.trigger().equals(trigger))
                    .findFirst()
                    .orElseGet(() -> TriggerMemory.blank(trigger));
            try {
                after.add(
                        trigger instanceof Trigger.Threshold threshold
                                ? measured(context, memory, threshold, now)
                                : predicted(context, memory, (Trigger.Predictive) trigger, diskBytes, now));
            } catch (MetricsException | ForecastException e) {
                context.problem("trigger on " + trigger.signal() + " cannot be evaluated: " + e.getMessage());
                after.add(memory);
            }
        }
        context.state.triggers.clear();
        context.state.triggers.addAll(after);
    }

    private TriggerMemory measured(VmContext context, TriggerMemory memory, Trigger.Threshold trigger, Instant now)
            throws MetricsException {
        Duration lookBack =
                trigger.holdTime().plus(parts.config().metricRefresh().multipliedBy(2));
        Instant from = memory.seenUpTo().orElse(now.minus(lookBack));
        if (!from.isBefore(now)) {
            return memory;
        }
        TimeSeries series = history(trigger.signal(), from, now);
        TriggerMemory present = memory;
        for (int i = 0; i < series.size(); i++) {
            if (series.timeOf(i).isBefore(from)) {
                continue;
            }
            TriggerMemory next =
                    TriggerMachine.observe(present, trigger, series.timeOf(i), series.value(i), series.step());
            String evidence = String.format(
                    Locale.ROOT,
                    "%s was %.1f %% at %s, %s the threshold of %.1f %%%s",
                    trigger.signal(),
                    series.value(i),
                    series.timeOf(i),
                    next.fired() ? side(trigger) : "back by " + trigger.hysteresisPercent() + " points from",
                    trigger.thresholdPercent(),
                    next.fired() ? ", for " + next.held().orElse(Duration.ZERO) : "");
            tell(context, present, next, series.value(i), Optional.empty(), evidence);
            present = next;
        }
        return present;
    }

    private static String side(Trigger trigger) {
        return trigger.direction() == Direction.ABOVE ? "at or above" : "at or below";
    }

    private TriggerMemory predicted(
            VmContext context, TriggerMemory memory, Trigger.Predictive trigger, Optional<Long> diskBytes, Instant now)
            throws MetricsException, ForecastException {
        Fitted fitted = model(trigger.signal(), now);
        boolean newSample =
                memory.seenUpTo().map(fitted.newestSample()::isAfter).orElse(true);
        if (!newSample) {
            return memory;
        }
        Lead lead = lead(context, trigger, diskBytes);
        Duration ahead = Duration.between(fitted.seriesEnd(), now.plus(lead.time()));
        long steps = Math.max(1, ceilDiv(ahead, fitted.step()));
        int horizon = (int) Math.min(MOST_STEPS, steps);
        boolean above = trigger.direction() == Direction.ABOVE;
        double level = above ? 1 - trigger.probability() : trigger.probability();
        Forecast forecast = fitted.model().forecast(horizon, new double[] {level});
        int extreme = horizon - 1;
        for (int h = horizon - 1; h >= 0; h--) {
            boolean past = forecast.timeOf(h).plus(forecast.step()).isBefore(now);
            double value = forecast.quantile(h, 0);
            double best = forecast.quantile(extreme, 0);
            if (!past && (above ? value >= best : value <= best)) {
                extreme = h;
            }
        }
        double quantile = forecast.quantile(extreme, 0);
        TriggerMemory next =
                TriggerMachine.forecast(proof.asIfActing(memory), trigger, now, quantile, fitted.newestSample());
        String evidence = String.format(
                Locale.ROOT,
                "%s is forecast to reach %.1f %% at %s with the %.3f quantile, threshold %.1f %% %s; looked %s ahead (%s);"
                        + " %s fitted on %d samples",
                trigger.signal(),
                quantile,
                forecast.timeOf(extreme),
                level,
                trigger.thresholdPercent(),
                above ? "from below" : "from above",
                lead.time(),
                lead.basis(),
                fitted.model().summary().method(),
                fitted.model().summary().samples());
        if (!next.fired() || memory.fired() || trigger.use() == ForecastUse.ACT) {
            proof.release(trigger);
        } else {
            ForecastProof.Verdict verdict = proof.verdict(
                    trigger, fitted.fittedAt(), origins -> tried(trigger.signal(), level, horizon, origins, now));
            if (verdict.objection().isPresent()) {
                String reason = verdict.objection().get() + "; " + evidence;
                withhold(context, next, quantile, lead.time(), verdict.accuracy(), reason);
                return new TriggerMemory(trigger, false, memory.since(), Optional.empty(), next.seenUpTo());
            }
            proof.release(trigger);
        }
        tell(context, memory, next, quantile, Optional.of(lead.time()), evidence);
        return next;
    }

    private Optional<ForecastAccuracy> tried(TriggerSignal signal, double level, int horizon, int origins, Instant now)
            throws MetricsException {
        TimeSeries series = history(signal, now.minus(parts.config().historyLength()), now);
        FitOptions options = FitOptions.percent(parts.config().seed());
        return ForecastTrial.run(parts.forecaster(), options, series, level, horizon, origins);
    }

    private void withhold(
            VmContext context,
            TriggerMemory would,
            double observed,
            Duration lead,
            Optional<ForecastAccuracy> accuracy,
            String reason) {
        if (proof.withhold(would)) {
            Instant now = context.now();
            context.action("trigger withheld: " + reason);
            context.tell(new ShadowEvent.TriggerWithheld(now, vm, would.trigger(), observed, lead, accuracy, reason));
        }
    }

    private static long ceilDiv(Duration duration, Duration step) {
        return duration.isNegative() ? 0 : duration.plus(step).minusNanos(1).dividedBy(step);
    }

    /** How far ahead to look, and why so far. */
    private record Lead(Duration time, String basis) {}

    private Lead lead(VmContext context, Trigger.Predictive trigger, Optional<Long> diskBytes) {
        Duration warmUp;
        String basis;
        if (context.state.warmUp.isPresent()) {
            warmUp = context.state.warmUp.get();
            basis = "measured warm-up " + warmUp;
        } else {
            long bytes = diskBytes.orElse(0L);
            long rate = Math.max(1, measuredRate(context));
            warmUp = Duration.ofMillis((long) Math.min(1e15, 1000.0 * bytes / rate));
            basis = "estimated warm-up " + warmUp + " for " + bytes + " bytes at " + rate + " bytes/s";
        }
        Duration floor = trigger.leadTimeFloor();
        return warmUp.compareTo(floor) >= 0 ? new Lead(warmUp, basis) : new Lead(floor, basis + ", floor " + floor);
    }

    private long measuredRate(VmContext context) {
        return context.entries.stream()
                .mapToLong(entry -> (long) entry.replica.performance().replicationBytesPerSecond())
                .filter(rate -> rate > 0)
                .max()
                .orElse(parts.config().assumedSeedRate());
    }

    private Fitted model(TriggerSignal signal, Instant now) throws MetricsException, ForecastException {
        Fitted present = models.get(signal);
        boolean fresh = present != null
                && now.isBefore(present.fittedAt().plus(parts.config().refitInterval()));
        Fitted next = fresh && present != null ? updated(present, signal, now) : fit(signal, now);
        models.put(signal, next);
        return next;
    }

    private Fitted fit(TriggerSignal signal, Instant now) throws MetricsException, ForecastException {
        TimeSeries series = history(signal, now.minus(parts.config().historyLength()), now);
        ForecastModel model =
                parts.forecaster().fit(series, FitOptions.percent(parts.config().seed()));
        return new Fitted(model, now, series.end(), newest(series, series.start()), series.step());
    }

    private Fitted updated(Fitted fitted, TriggerSignal signal, Instant now)
            throws MetricsException, ForecastException {
        if (!fitted.seriesEnd().isBefore(now)) {
            return fitted;
        }
        TimeSeries series = history(signal, fitted.seriesEnd(), now);
        if (series.size() == 0) {
            return fitted;
        }
        boolean joins = series.step().equals(fitted.step()) && series.start().equals(fitted.seriesEnd());
        if (!joins) {
            return fit(signal, now);
        }
        return new Fitted(
                fitted.model().update(series.values()),
                fitted.fittedAt(),
                series.end(),
                newest(series, fitted.newestSample()),
                fitted.step());
    }

    private static Instant newest(TimeSeries series, Instant otherwise) {
        for (int i = series.size() - 1; i >= 0; i--) {
            if (!Double.isNaN(series.value(i))) {
                return series.timeOf(i);
            }
        }
        return otherwise;
    }

    private TimeSeries history(TriggerSignal signal, Instant from, Instant to) throws MetricsException {
        Metric metric = switch (signal) {
            case CPU -> Metric.CPU_PERCENT;
            case MEMORY -> Metric.MEMORY_PERCENT;
            case NETWORK_IO -> Metric.NETWORK_PERCENT;
        };
        return parts.metrics()
                .history(
                        new MetricSubject.Vm(vm),
                        metric,
                        from,
                        to,
                        parts.config().callTimeout());
    }

    private void tell(
            VmContext context,
            TriggerMemory before,
            TriggerMemory after,
            double observed,
            Optional<Duration> lead,
            String evidence) {
        if (before.fired() == after.fired()) {
            return;
        }
        Instant now = context.now();
        context.action((after.fired() ? "trigger fired: " : "trigger released: ") + evidence);
        context.tell(
                after.fired()
                        ? new ShadowEvent.TriggerFired(now, vm, after.trigger(), observed, lead, evidence)
                        : new ShadowEvent.TriggerReleased(now, vm, after.trigger(), evidence));
    }
}
