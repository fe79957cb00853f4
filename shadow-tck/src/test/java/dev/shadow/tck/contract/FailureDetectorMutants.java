package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A wrong detector for every rule. */
final class FailureDetectorMutants {
    private FailureDetectorMutants() {}

    private static Mutant on(List<String> methods, String rule, Mistake mistake) {
        return Mutant.of(rule, FailureDetector.class, methods, mistake);
    }

    private static HostHealth health(Call call) throws Throwable {
        return (HostHealth) Objects.requireNonNull(call.proceed());
    }

    private static HostHealth as(HostHealth it, Verdict verdict) {
        return new HostHealth(it.host(), verdict, it.since(), List.of("mutant"));
    }

    @SuppressWarnings("unchecked")
    private static Set<HostId> watched(Call call) {
        return (Set<HostId>) call.memory().computeIfAbsent("watched", k -> new HashSet<HostId>());
    }

    @SuppressWarnings("unchecked")
    private static Consumer<HostHealth> listener(Call call) {
        return (Consumer<HostHealth>) call.args()[0];
    }

    static List<Mutant> all() {
        return List.of(
                on(List.of("watch", "health"), "hostThatIsNotWatchedIsUnknown", call -> {
                    if (call.is("watch")) {
                        call.memory().put("watching", true);
                        return call.proceed();
                    }
                    return call.said("watching") ? call.proceed() : as(health(call), Verdict.ALIVE);
                }),
                on(List.of("watch", "health"), "hostThatAnswersIsAlive", call -> {
                    if (call.is("watch")) {
                        watched(call).addAll(call.<Set<HostId>>arg(0, cast()));
                        return call.proceed();
                    }
                    HostHealth it = health(call);
                    boolean alone = watched(call).size() == 1 && it.verdict() == Verdict.ALIVE;
                    return alone ? as(it, Verdict.SUSPECT) : it;
                }),
                on(List.of("health"), "hostThatFallsSilentIsDeadInTheEnd", call -> {
                    HostHealth it = health(call);
                    return it.verdict() == Verdict.DEAD ? as(it, Verdict.SUSPECT) : it;
                }),
                on(List.of("health"), "silenceOfOneHostSaysNothingAboutAnother", call -> {
                    HostHealth it = health(call);
                    HostHealth first = ((FailureDetector) call.target()).health(HostId.of("host"));
                    return first.verdict() == Verdict.DEAD ? as(it, Verdict.DEAD) : it;
                }),
                on(List.of("health"), "hostThatAnswersAgainIsAliveAgain", call -> {
                    HostHealth it = health(call);
                    if (it.verdict() == Verdict.DEAD) {
                        call.memory().put("dead " + it.host(), true);
                    }
                    return call.said("dead " + it.host()) ? as(it, Verdict.DEAD) : it;
                }),
                on(List.of("watch"), "watchesExactlyTheHostsOfTheLastCall", call -> {
                    watched(call).addAll(call.<Set<HostId>>arg(0, cast()));
                    return call.with(0, Set.copyOf(watched(call)));
                }),
                on(List.of("subscribe"), "deliversEveryChangeOfVerdict", call -> {
                    Consumer<HostHealth> listener = listener(call);
                    Consumer<HostHealth> deaf = health -> {
                        if (health.verdict() != Verdict.DEAD) {
                            listener.accept(health);
                        }
                    };
                    return call.with(0, deaf);
                }),
                on(List.of("subscribe"), "closedSubscriptionHearsNothing", Mutant.thenAnswering((Subscription)
                        () -> {})),
                on(List.of("subscribe"), "listenerThatThrowsHarmsNobody", call -> {
                    Consumer<HostHealth> listener = listener(call);
                    Consumer<HostHealth> fragile = health -> {
                        if (call.said("broken")) {
                            return;
                        }
                        try {
                            listener.accept(health);
                        } catch (RuntimeException e) {
                            call.memory().put("broken", true);
                        }
                    };
                    return call.with(0, fragile);
                }),
                on(List.of("close"), "closingTwiceHasTheEffectOfOnce", Mutant.failingFromCall(2)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<Set<HostId>> cast() {
        return (Class) Set.class;
    }
}
