package dev.shadow.spi;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Builds a record again with one component replaced, so that its constructor checks it. */
final class Rebuilt {
    private Rebuilt() {}

    static Record with(Record record, String component, @Nullable Object value) throws Throwable {
        RecordComponent[] components = record.getClass().getRecordComponents();
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        boolean found = false;
        for (int i = 0; i < components.length; i++) {
            boolean replaced = components[i].getName().equals(component);
            found |= replaced;
            arguments[i] = replaced ? value : components[i].getAccessor().invoke(record);
        }
        if (!found) {
            throw new NoSuchElementException(component + " in " + record.getClass());
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<? extends Record> constructor = record.getClass().getDeclaredConstructor(types);
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
