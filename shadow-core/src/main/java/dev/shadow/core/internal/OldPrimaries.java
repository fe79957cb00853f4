package dev.shadow.core.internal;

import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks after the old primaries of one virtual machine: one that comes back is held, and removed if the profile
 * asked for it. Owned by the work on that machine.
 */
final class OldPrimaries {
    private final Map<Serving, Instant> checked = new HashMap<>();

    /** Takes the next step with each of them whose host answers. */
    void clear(VmContext context) throws StoreException {
        Instant now = context.now();
        for (Map.Entry<Serving, Boolean> stale : List.copyOf(context.state.stale.entrySet())) {
            Serving place = stale.getKey();
            Instant due = checked.getOrDefault(place, Instant.MIN);
            if (context.verdict(place.host()) != Verdict.ALIVE) {
                checked.remove(place);
            } else if (!due.isAfter(now)) {
                checked.put(place, now.plus(context.parts.config().scanInterval()));
                clear(context, place, stale.getValue());
            }
        }
    }

    private static void clear(VmContext context, Serving place, boolean remove) throws StoreException {
        try {
            Optional<InstanceDescription> found = context.parts
                    .hypervisor()
                    .describe(
                            place.instance(),
                            place.host(),
                            context.parts.config().callTimeout());
            if (found.isPresent() && found.get().power() == PowerState.RUNNING) {
                hold(context, place);
            }
            if (remove) {
                remove(context, place, found.isPresent());
            }
            if (found.isEmpty() || remove) {
                context.parts
                        .licenseLedger()
                        .release(place.instance(), context.call(place.instance() + "/release", context.highest()));
                context.state.stale.remove(place);
                context.records.save(context.state);
            }
        } catch (StoreException e) {
            throw e;
        } catch (SpiException | StaleGenerationException e) {
            context.problem("old primary " + place + " could not be cleared away: " + e.getMessage());
        }
    }

    private static void hold(VmContext context, Serving place) throws SpiException {
        context.parts
                .hypervisor()
                .pause(
                        place.instance(),
                        place.host(),
                        context.call(place.instance() + "/hold/" + context.now(), context.highest()));
        context.action("old primary " + place + " came back and was held");
    }

    /** An instance that is gone already may be one whose removal was not recorded any more. */
    private static void remove(VmContext context, Serving place, boolean isThere) throws SpiException {
        Instant started = context.now();
        StepHooks hooks = new StepHooks(
                context,
                context.profile.orElseGet(
                        () -> PlacementProfile.builder(context.vm).build()));
        StepHooks.Around around = new StepHooks.Around(
                FailoverStep.DEPROVISION,
                place,
                context.state.primary.orElseThrow(),
                context.highest(),
                place.instance() + "/deprovision");
        hooks.before(around);
        if (isThere) {
            context.parts
                    .hypervisor()
                    .deprovision(
                            place.instance(),
                            place.host(),
                            context.call(place.instance() + "/deprovision", context.highest()));
            String removed = "old primary " + place + " was removed";
            context.action(removed);
            Duration took = Duration.between(started, context.now());
            context.tell(new ShadowEvent.FailoverStepTaken(
                    context.now(),
                    context.vm,
                    new StepReport(
                            FailoverStep.DEPROVISION, started, took.isNegative() ? Duration.ZERO : took, 1, removed)));
        }
        hooks.after(around);
    }
}
