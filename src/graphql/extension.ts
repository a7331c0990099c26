import { type DriverSupport, extension, type FieldSupport } from '../domain/extension.ts';
import { builder } from './builder.ts';
import { DirectionEnum } from './enums.ts';

const FieldSupportRef = builder.objectRef<FieldSupport>('FieldSupport').implement({
  description: 'One rule field that a driver can enforce: either a range or the allowed values.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The field of QosRule.' }),
    directions: t.field({
      type: [DirectionEnum],
      description: 'In these directions.',
      resolve: ({ directions }) => directions,
    }),
    minimum: t.exposeInt('minimum', { nullable: true, description: 'The least value.' }),
    maximum: t.exposeInt('maximum', { nullable: true, description: 'The greatest value.' }),
    values: t.field({
      type: ['Int'],
      nullable: true,
      description: 'The only values.',
      resolve: ({ values }) => values,
    }),
  }),
});

const DriverSupportRef = builder.objectRef<DriverSupport>('DriverSupport').implement({
  description: 'What one driver can enforce.',
  fields: (t) => ({
    driver: t.exposeString('driver', { description: "The driver's name." }),
    fields: t.field({
      type: [FieldSupportRef],
      description: 'The rule fields that it enforces.',
      resolve: ({ fields }) => fields,
    }),
  }),
});

const ExtensionRef = builder.objectRef<typeof extension>('Extension').implement({
  description: 'The API extension that this server offers, in the terms of Neutron.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    alias: t.exposeString('alias', { description: 'Its short name: qos.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    namespace: t.exposeString('namespace', { description: 'A URI that names it.' }),
    updated: t.expose('updated', { type: 'DateTime', description: 'When it last changed.' }),
    version: t.exposeString('version', { description: 'Its version.' }),
    drivers: t.field({
      type: [DriverSupportRef],
      description: 'What each driver can enforce.',
      resolve: ({ drivers }) => drivers,
    }),
  }),
});

builder.queryField('extension', (t) =>
  t.field({
    type: ExtensionRef,
    description:
      'Name, alias (qos), description, namespace, updated, version, and the rule fields with their ranges that each driver enforces.',
    resolve: () => extension,
  }),
);
