import { type Feature, feature } from '../../api/feature.ts';
import { type NotificationParts, routesWith } from './api.ts';
import { notificationSettings } from './object.ts';
import { notificationsView } from './view.ts';

export const notificationsWith = (parts: NotificationParts): Feature =>
  feature({
    name: 'notifications',
    resource: null,
    kinds: [notificationSettings],
    views: [notificationsView],
    routes: routesWith(parts),
  });
