package dev.shadow.tck.contract;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.tck.time.VirtualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One deliberate mistake in an otherwise right implementation: it stands before one method of one
 * interface. At most one mutant is active; the tests of the fakes look for it with {@link #in}.
 *
 * @param rule the rule that it breaks: the name of a test of the contract
 * @param type the interface
 * @param methods names of the methods that go wrong
 * @param mistake what happens instead of the call
 */
record Mutant(String rule, Class<?> type, List<String> methods, Mistake mistake) {
    /** What happens instead of a call. */
    @FunctionalInterface
    interface Mistake {
        @Nullable
        Object in(Call call) throws Throwable;
    }

    private static volatile @Nullable Mutant active;

    static Mutant of(String rule, Class<?> type, String method, Mistake mistake) {
        return new Mutant(rule, type, List.of(method), mistake);
    }

    static Mutant of(String rule, Class<?> type, List<String> methods, Mistake mistake) {
        return new Mutant(rule, type, methods, mistake);
    }

    static void activate(@Nullable Mutant mutant) {
        active = mutant;
    }

    /** Returns {@code real}, with the active mutant before it if that concerns this interface. */
    static <T> T in(Class<T> type, T real, Map<String, Object> memory) {
        Mutant mutant = active;
        if (mutant == null || !mutant.type.equals(type)) {
            return real;
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Call call = new Call(real, method, args == null ? new Object[0] : args, memory);
            return mutant.methods.contains(method.getName()) ? mutant.mistake.in(call) : call.proceed();
        }));
    }

    /** A call on its way to the real implementation; the memory lasts as long as a test. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Call(Object target, Method method, Object[] args, Map<String, Object> memory) {
        @Nullable
        Object proceed() throws Throwable {
            try {
                return method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        /** Proceeds with another argument. */
        @Nullable
        Object with(int index, Object value) throws Throwable {
            Object[] changed = Arrays.copyOf(args, args.length);
            changed[index] = value;
            return new Call(target, method, changed, memory).proceed();
        }

        <T> T arg(int index, Class<T> type) {
            return type.cast(args[index]);
        }

        CallContext context() {
            return (CallContext) args[args.length - 1];
        }

        /** Proceeds with another generation. */
        @Nullable
        Object in(Generation generation) throws Throwable {
            CallContext context = context();
            return with(args.length - 1, new CallContext(context.key(), generation, context.timeout()));
        }

        boolean crashed() {
            return memory.containsKey("disk.crashed");
        }

        /** Whether this is the first time that this word is said. */
        boolean first(String word) {
            return memory.putIfAbsent(word, true) == null;
        }

        boolean said(String word) {
            return memory.containsKey(word);
        }

        boolean is(String name) {
            return method.getName().equals(name);
        }

        /** Counts the calls so far, beginning with 1. */
        int count() {
            return (Integer) memory.merge("count of " + method.getName(), 1, (a, b) -> (Integer) a + (Integer) b);
        }
    }

    /** Mistake: the answer is always this one. */
    static Mistake answering(@Nullable Object answer) {
        return call -> answer;
    }

    /** Mistake: the call has its effect and this answer. */
    static Mistake thenAnswering(@Nullable Object answer) {
        return call -> {
            Object unused = call.proceed();
            return answer;
        };
    }

    /** Mistake: a failure whose message has this text becomes an answer. */
    static Mistake swallowing(String text, @Nullable Object answer) {
        return call -> {
            try {
                return call.proceed();
            } catch (Exception e) {
                if (e.getMessage() != null && e.getMessage().contains(text)) {
                    return answer;
                }
                throw e;
            }
        };
    }

    /** Mistake: a failure whose message has this text claims the opposite about trying again. */
    static Mistake confusing(String text) {
        return call -> {
            try {
                return call.proceed();
            } catch (SpiException e) {
                if (!String.valueOf(e.getMessage()).contains(text)) {
                    throw e;
                }
                throw e.getClass()
                        .getConstructor(Retry.class, String.class)
                        .newInstance(e.retry() == Retry.PERMANENT ? Retry.TRANSIENT : Retry.PERMANENT, e.getMessage());
            }
        };
    }

    /** Mistake: an older generation is served like the newest. */
    static Mistake ignoringGenerations() {
        return call -> {
            try {
                return call.proceed();
            } catch (StaleGenerationException e) {
                return call.in(e.highestSeen());
            }
        };
    }

    /** Mistake: everything beyond the first call is refused. */
    static Mistake failingFromCall(int first) {
        return call -> {
            if (call.count() >= first) {
                throw new IllegalStateException("called " + first + " times");
            }
            return call.proceed();
        };
    }

    /** Mistake: it works on one thread alone. */
    static Mistake boundToOneThread() {
        return onOtherThreads(call -> {
            throw new IllegalStateException("called on a second thread");
        });
    }

    /** Makes the mistake only on the threads that a contract starts to let calls overlap. */
    static Mistake onOtherThreads(Mistake mistake) {
        return call -> isOtherThread() ? mistake.in(call) : call.proceed();
    }

    static boolean isOtherThread() {
        return Thread.currentThread().getName().startsWith("pool-");
    }

    /** Mistake: a call that fails blocks for an hour. */
    static Mistake outlasting() {
        return call -> {
            try {
                return call.proceed();
            } catch (Exception e) {
                ((VirtualTime) Objects.requireNonNull(call.memory().get("disk.time"))).pass(Duration.ofHours(1));
                throw e;
            }
        };
    }

    /** Forgets what a process forgets when it crashes. */
    static void crash(Map<String, Object> memory) {
        memory.keySet().removeIf(key -> !key.startsWith("disk."));
        memory.put("disk.crashed", true);
    }

    /** The memory of one test. */
    static Map<String, Object> memoryOn(VirtualTime time) {
        Map<String, Object> memory = new ConcurrentHashMap<>();
        memory.put("disk.time", time);
        return memory;
    }
}
