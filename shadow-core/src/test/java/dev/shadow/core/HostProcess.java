package dev.shadow.core;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process that a manager runs in. Everything that the manager calls goes through here, so that a test
 * can kill it at the n-th call that writes to the store, before or after the effect.
 */
final class HostProcess {
    private final int killAtWrite;
    private final boolean afterEffect;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile boolean killed;

    private HostProcess(int killAtWrite, boolean afterEffect) {
        this.killAtWrite = killAtWrite;
        this.afterEffect = afterEffect;
    }

    static HostProcess unharmed() {
        return new HostProcess(Integer.MAX_VALUE, false);
    }

    static HostProcess killedAtWrite(int number, boolean afterEffect) {
        return new HostProcess(number, afterEffect);
    }

    void kill() {
        killed = true;
    }

    boolean isKilled() {
        return killed;
    }

    int writes() {
        return writes.get();
    }

    <T> T through(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> call(target, method, args)));
    }

    private Object call(Object target, Method method, Object[] args) throws Throwable {
        if (killed) {
            throw new Killed();
        }
        boolean writes = method.getName().equals("put") || method.getName().equals("remove");
        boolean last = writes && this.writes.incrementAndGet() == killAtWrite;
        if (last && !afterEffect) {
            killed = true;
            throw new Killed();
        }
        try {
            Object result = method.invoke(target, args);
            if (last) {
                killed = true;
                throw new Killed();
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
